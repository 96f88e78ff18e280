"""What is asked: the catalogue of criteria, the newcomers' questionnaire, and what counts as an answer."""
