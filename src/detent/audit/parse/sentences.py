"""How summaries and descriptions begin and end."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Verbs with which summaries begin, to tell "Returns the mean" from "Axis of the mean".
_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
        abort accept accumulate act activate adapt add adjust advance aggregate align allocate
        allow alter analyse analyze annotate append apply approximate arrange assemble assert
        assign assume assure attach attempt augment authenticate average balance begin behave
        bind block blur bound box break broadcast build bundle cache calculate call cancel cast
        catch center centre change check choose clamp classify clean clear clip clone close
        cluster coerce collapse collect combine come commit compare compete compile complete
        compress compute concatenate conduct configure confirm connect consist construct consume
        contain continue contract contribute control convert convolve coordinate copy correct
        count cover create cut deal decide declare decode decompose decompress deconvolve
        decorate decrease decrement decrypt deduce defer define delegate delete deliver denote
        depend deprecate derive describe deserialize destroy detect determine diagonalize
        differentiate direct disable discard discover dispatch display dispose dissect
        distribute divide do document download drain draw drop dump duplicate edit eliminate
        emit emulate enable encapsulate enclose encode encounter encrypt end enforce ensure
        enter enumerate equal erase escape establish estimate evaluate examine exchange exclude
        execute exist exit expand expect expire explain export expose express extend extract
        factor factorize fail feed fetch figure fill filter finalize find finish fire fit fix
        flag flatten flip flush follow force forget fork form format forward free gather
        generate get give go grab group guarantee guess handle happen hash have help hide hold
        identify ignore implement import impose include increase increment index indicate infer
        inherit init initialise initialize initiate inject insert inspect install instantiate
        integrate interact intercept interpolate interpret introduce inverse invert invoke
        iterate join keep know label lack launch lead leave let limit linearize link list listen
        load locate lock log look loop lower maintain make manage manipulate map mark mask match
        maximise maximize mean measure merge mimic minimise minimize mix mock model modify
        monitor move multiply narrow negate normalise normalize note notify obtain occur offer
        omit open operate optimise optimize order orthogonalize output overload override
        overwrite pack pad parse partition pass patch perform permit permute persist pick place
        play plot point poll pop populate post postprocess predict prepare prepend preprocess
        present preserve print proceed process produce project promote prompt propagate protect
        provide publish pull purge push put query queue quit quote raise randomize rank reach
        read rearrange rebuild recalculate receive recognise recognize recommend reconfigure
        reconstruct record recover recreate redirect reduce refer reflect reformat refresh
        register reject relabel relate release reload remove rename render reorder repeat
        replace replicate report represent request require rescale reset reshape resize resolve
        respond restart restore restrict retain retrieve retry return reuse reveal reverse
        revert rewind rewrite roll rotate round route run sample satisfy save say scale scan
        schedule search see select send separate serialise serialize serve set shift show
        shuffle shut sign signal simplify simulate skip sleep slice smooth solve sort specify
        split spread squeeze stack standardize start stash state stop store stream strip
        subclass submit subscribe substitute subtract suggest sum summarise summarize superpose
        supply support suppress suspend swap switch symmetrize synchronise synchronize
        synthesize take tell terminate test throw tile toggle tokenize trace track train
        transfer transform translate transmit transpose trap traverse treat trigger trim
        truncate try turn tweak unblock uncompress undo unify uninstall unite unload unlock
        unpack unquote unregister unset unwrap update upgrade upload use utilize validate
        vectorize verify view visit wait wake walk want warm warn warp watch weigh work wrap
        write yield zoom
        """,
    )
)

# These words are written with small letters.
_TECHNICAL = frozenset(
    re.findall(
        r"\w+",
        """
    args arg argv atol axes bool bools cdf char chars cls conda const csr csc csv cython dtype
    dtypes eig endian enum env eps exp func git html http https idx inf int ints isort iter json
    kwarg kwargs lapack len mypy nan ndarray ndarrays ndim ndims nnz none numba numpy obj pandas
    param params pdf pip pmf ppf pytest repr rtol ruff rv scipy self setuptools sklearn sqrt std
    stderr stdin stdout str strs sys ufunc ufuncs uint uri url urllib utf var xarray yaml
    """,
    )
)
_VOWEL = re.compile(r"[aeiouy\u00e0-\u024f\u0370-\U0010ffff]")
_ITEM = re.compile(
    r"\d+ *[:=]|(?:[-*+•‣◦·▪–—→]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5}|#)[.)])\s"
    r"|(?:'[^']*'|\"[^\"]*\"|``[^`]+``|`[^`]+`) *(?::(?!\w)|=|--?\s)"
    r"|[\w.*-]+ (?::|[-=]?->|=>|→|--)\s"
)
# Doctests, directives, tables, fields, comments and commands are not sentences.
_NO_SENTENCE = re.compile(
    r">>>|\.\.\s|\.\.$|--?\w|[|+=~^#$%@;]|:[\w ]+:(?!`)|-{3}|\.{3}|//|/\*|(?:In|Out) ?\[\d*\]"
    r"|(?:TODO|FIXME|XXX)\b|(?:pip3?|conda|brew|apt|apt-get|uv) install\b|python3? -\w"
)
# A word with such signs, a capital or a digit inside is a name, as is one letter.
_NAME_SIGNS = re.compile(r"\w[._(\[/\\@]\w|\(\)|\w_|[a-z][A-Z]|\w\d|^\w(?:-|$)")

# What Unicode lists as Sentence_Terminal.
_TERMINATORS = frozenset(
    "!.?\u0589\u061d\u061e\u061f\u06d4\u0700\u0701\u0702\u07f9\u0837\u0839\u083d\u083e\u0964\u0965"
    "\u104a\u104b\u1362\u1367\u1368\u166e\u1735\u1736\u17d4\u17d5\u1803\u1809\u1944\u1945\u1aa8\u1aa9"
    "\u1aaa\u1aab\u1b4e\u1b4f\u1b5a\u1b5b\u1b5e\u1b5f\u1b7d\u1b7e\u1b7f\u1c3b\u1c3c\u1c7e\u1c7f\u2024"
    "\u203c\u203d\u2047\u2048\u2049\u2cf9\u2cfa\u2cfb\u2e2e\u2e3c\u2e53\u2e54\u3002\ua4ff\ua60e\ua60f"
    "\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9\uaa5d\uaa5e\uaa5f\uaaf0\uaaf1\uabeb\ufe12"
    "\ufe15\ufe16\ufe52\ufe56\ufe57\uff01\uff0e\uff1f\uff61"
)
_CLOSERS = (
    ")]}\"'\u00bb\u2019\u201d\u203a\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b"
    "\uff09\uff3d\uff5d\uff63"
)


def find_infinitive(word: str) -> str:
    """Return the infinitive of a verb in the third person."""
    small = word.lower()
    if not small.endswith("s") or small.endswith("ss") or small in _VERBS:
        return ""
    candidates = [small[:-1], small[:-2]]
    if small.endswith("ies"):
        candidates.append(small[:-3] + "y")
    if small == "has":
        candidates = ["have"]
    for verb in candidates:
        if verb in _VERBS:
            return verb.capitalize() if word[0].isupper() else verb
    return ""


def needs_capital_letter(text: str) -> bool:
    """Tell whether a text does not begin with a capital letter, as numpydoc does."""
    return text[:1].isalpha() and not text[:1].isupper()


def has_capital(text: str) -> bool:
    """Tell whether the first letter of a text has a capital form: in most scripts it has none."""
    first = text[:1]
    return first.islower() and first.title() != first


def needs_period(text: str) -> bool:
    """Tell whether a description lacks the period at its end."""
    return not text.rstrip().endswith(".") and not text.startswith((" ", "* ", "- "))


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does in any script, perhaps inside of brackets."""
    return text.rstrip().rstrip(_CLOSERS)[-1:] in _TERMINATORS


def may_end_open(text: str) -> bool:
    """Tell whether the last line of a text is a sentence, or an item, a table or a directive."""
    return ends_sentence(text) or begins_item_or_markup(text)


def begins_item_or_markup(line: str) -> bool:
    """Tell whether a line is an item of a list, a row of a table, a directive or a field."""
    return bool(_ITEM.match(line) or _NO_SENTENCE.match(line))


def begins_with_name(text: str, names: Iterable[str]) -> bool:
    """Tell whether a text begins with a name, which has no capital: one of code or of these."""
    word = text.split(None, 1)[0].rstrip(",;:.") if text else ""
    if word == "a":
        return False
    return is_technical(word) or bool(_NAME_SIGNS.search(word)) or word in names


def is_technical(word: str) -> bool:
    """Tell whether a word is written with small letters, such as ``ndarray`` and ``rng``."""
    return word in _TECHNICAL or (
        len(word) > 1 and word.isascii() and word.isalpha() and not _VOWEL.search(word)
    )
