"""Reading feeds and pages of newspapers."""
