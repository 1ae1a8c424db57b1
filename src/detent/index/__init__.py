"""The index of one repository: views, facts and how they are brought up to date."""
