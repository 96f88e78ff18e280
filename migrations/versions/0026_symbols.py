"""The symbols of ratings and profiles are looked at once, not once for each symbol there may be

Revision: 0026
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SYMBOLS = {"ratings": "12345-.", "profile": "123456789x."}


def upgrade() -> None:
    _check({column: f"rtrim({column}, '{symbols}') = ''" for column, symbols in SYMBOLS.items()})


def downgrade() -> None:
    _check({column: f"length({_without(column, symbols)}) = 0" for column, symbols in SYMBOLS.items()})


def _check(rules: dict[str, str]) -> None:
    with op.batch_alter_table("response", table_kwargs={"sqlite_with_rowid": False}) as batch:
        for column, rule in rules.items():
            batch.drop_constraint(op.f(f"ck_response_{column}_symbols"), type_="check")
            batch.create_check_constraint(op.f(f"ck_response_{column}_symbols"), rule)


def _without(column: str, symbols: str) -> str:
    rest = column
    for symbol in symbols:
        rest = f"replace({rest}, '{symbol}', '')"
    return rest
