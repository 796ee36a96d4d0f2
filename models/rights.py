"""Who may do what: each role is one row of rights. A page names the right that it needs; without it, it is closed."""

from enum import Enum


class Right(Enum):
    """PUBLIC pages need no one signed in; SIGNED_IN ones anybody who is."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    READ = "read"
    DECIDE = "decide"
    APPROVE = "approve"
    UNMASK = "unmask"
    CASES = "cases"
    EXPORT = "export"
    ANSWER = "answer"
    DESKS = "desks"
    HEALTH = "health"
    RULES = "rules"
    USERS = "users"
    AUDIT = "audit"
    SERVICE = "service"
    LEARN = "learn"


ROLES: dict[str, frozenset[Right]] = {
    "officer": frozenset(
        {
            Right.READ,
            Right.DECIDE,
            Right.APPROVE,
            Right.UNMASK,
            Right.CASES,
            Right.EXPORT,
            Right.ANSWER,
            Right.DESKS,
            Right.HEALTH,
            Right.RULES,
            Right.LEARN,
        }
    ),
    "liaison": frozenset({Right.ANSWER}),
    "admin": frozenset({Right.DESKS, Right.HEALTH, Right.RULES, Right.USERS, Right.AUDIT, Right.SERVICE}),
}
"""Administrators keep the house and see no content: whoever needs both gets two names."""


def allowed(role: str | None, right: Right) -> bool:
    """Whether a person of this role (None: nobody is signed in) may use what needs this right."""
    if right is Right.PUBLIC:
        return True
    if role not in ROLES:
        return False
    return right is Right.SIGNED_IN or right in ROLES[role]
