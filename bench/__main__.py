"""Everything that is measured, one after the other: ``python -m bench``."""

from bench import exports, form, pages, release, scoring


def main() -> None:
    """Measure; processes that a measurement starts come by here without measuring everything again."""
    form.main()
    release.main()
    pages.main()
    exports.main()
    scoring.main()


if __name__ == "__main__":
    main()
