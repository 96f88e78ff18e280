"""All tables, for migrations: importing this module makes the metadata complete."""

from __future__ import annotations

from app.accounts import models as accounts
from app.assessment import models as assessment
from app.audit import models as audit
from app.collaboration import models as collaboration
from app.commitment import models as commitment
from app.database import Model
from app.feedback import models as feedback
from app.goals import models as goals
from app.joining import models as joining
from app.outbox import models as outbox
from app.practices import models as practices
from app.practices.search import models as practices_search
from app.projects import models as projects
from app.region import models as region
from app.releases import models as releases
from app.round_tables import models as round_tables
from app.rounds import guests
from app.rounds import models as rounds
from app.sign_on import models as sign_on

metadata = Model.metadata

__all__ = [
    "accounts",
    "assessment",
    "audit",
    "collaboration",
    "commitment",
    "feedback",
    "goals",
    "guests",
    "joining",
    "metadata",
    "outbox",
    "practices",
    "practices_search",
    "projects",
    "region",
    "releases",
    "round_tables",
    "rounds",
    "sign_on",
]
