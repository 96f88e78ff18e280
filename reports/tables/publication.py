"""What is known of a publication beside its numbers: who publishes, where, when, under which licence."""

from __future__ import annotations

from dataclasses import dataclass

from reports.tables.licences import Licence
from reports.wording import Wording
from scoring.release import Release


@dataclass(frozen=True)
class Publication:
    """``address`` is the release's permanent address; ``published`` an ISO moment; publisher and mail may be empty."""

    release: Release
    sha256: str
    address: str
    published: str
    publisher: str
    mail: str
    licence: Licence

    @property
    def name(self) -> str:
        """A name for files and packages: lower case, no spaces."""
        return f"willkommenskompass-{self.release.round.key.lower()}-{self.sha256[:12]}"

    @property
    def title(self) -> str:
        """What it is, in German."""
        return f"Willkommenskompass {self.release.region_name}: {self.release.round.title}"

    @property
    def description(self) -> str:
        """What it holds and what it leaves out, in German; invented data are called so first."""
        demo = "Demonstrationsdaten: Alle Zahlen sind erfunden. " if self.release.demo else ""
        draft = "Der Kriterienkatalog ist ein Entwurf. " if self.release.catalogue.status == "draft" else ""
        return (
            f"{demo}{draft}Selbsteinschätzungen der Kommunen und Rückmeldungen neu Zugezogener: Werte der Region und "
            "der Kommunen, die der Veröffentlichung zugestimmt haben. Eine leere Zelle heißt: keine Angabe oder zu "
            "wenige Antworten, um sie zu zeigen; beides sieht gleich aus."
        )

    @property
    def english(self) -> str:
        """The same in English."""
        demo = "Demonstration data: all numbers are invented. " if self.release.demo else ""
        draft = "The catalogue of criteria is a draft. " if self.release.catalogue.status == "draft" else ""
        return (
            f"{demo}{draft}Self-assessments of municipalities and feedback of newcomers: figures of the region and of "
            "the municipalities that agreed to publication. An empty cell means: no information, or too few answers "
            "to show."
        )

    @property
    def citation(self) -> str:
        """How to name the source."""
        day = Wording().date(self.published)
        return f"{self.title}, Auswertungsstand {self.sha256[:12]} vom {day}, {self.address}"
