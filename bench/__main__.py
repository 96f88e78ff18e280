"""Everything that is measured, one after the other: ``python -m bench``."""

from bench import form, release

form.main()
release.main()
