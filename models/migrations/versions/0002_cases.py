"""Cases: hands, clocks, bells, identities, privacy; leads: recipients, packages, answers, tokens"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:

    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_indicator_value_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    op.create_index("ix_indicator_value_code", "indicator_value", ["code", "first", "last"], unique=False)
    op.create_table(
        "recipient",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column(
            "territory", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_recipient_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("name", name=op.f("uq_recipient_name")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column(
            "scopes", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "territory", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_api_token_created_by")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_api_token_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_token_sha256")),
    )
    op.create_index(op.f("ix_api_token_recipient_id"), "api_token", ["recipient_id"], unique=False)
    op.create_table(
        "case_apart",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["case.id"], name=op.f("fk_case_apart_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["case.id"], name=op.f("fk_case_apart_second_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_apart_user_id")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_case_apart")),
    )
    op.create_table(
        "case_bell",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_bell_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_bell_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_bell")),
        sa.UniqueConstraint("case_id", "user_id", "key", name=op.f("uq_case_bell_case_id_user_id_key")),
    )
    op.create_index("ix_case_bell_state_next_at", "case_bell", ["state", "next_at"], unique=False)
    op.create_index(op.f("ix_case_bell_user_id"), "case_bell", ["user_id"], unique=False)
    op.create_table(
        "case_check",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_check_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_check_user_id")),
        sa.PrimaryKeyConstraint("case_id", "item", name=op.f("pk_case_check")),
    )
    op.create_table(
        "case_detail",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("informant", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_detail_case_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["case.id"], name=op.f("fk_case_detail_merged_into")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_case_detail_owner_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_detail")),
    )
    op.create_index(op.f("ix_case_detail_merged_into"), "case_detail", ["merged_into"], unique=False)
    op.create_index(op.f("ix_case_detail_owner_id"), "case_detail", ["owner_id"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_event_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index("ix_case_event_case_id", "case_event", ["case_id", "kind"], unique=False)
    op.create_table(
        "case_ground",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_ground_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_ground_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_ground")),
    )
    op.create_index(op.f("ix_case_ground_case_id"), "case_ground", ["case_id"], unique=False)
    op.create_table(
        "case_merge",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column(
            "stories", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["case.id"], name=op.f("fk_case_merge_from_id")),
        sa.ForeignKeyConstraint(["into_id"], ["case.id"], name=op.f("fk_case_merge_into_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_merge_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merge")),
    )
    op.create_index(op.f("ix_case_merge_from_id"), "case_merge", ["from_id"], unique=False)
    op.create_index(op.f("ix_case_merge_into_id"), "case_merge", ["into_id"], unique=False)
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_note_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_note_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index(op.f("ix_case_note_case_id"), "case_note", ["case_id"], unique=False)
    op.create_table(
        "case_task",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["user.id"], name=op.f("fk_case_task_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_task_case_id")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_case_task_created_by")),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_case_task_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_task")),
    )
    op.create_index(op.f("ix_case_task_assignee_id"), "case_task", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_case_task_case_id"), "case_task", ["case_id"], unique=False)
    op.create_table(
        "case_watcher",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_watcher_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_case_watcher_user_id")),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_watcher")),
    )
    op.create_table(
        "clock_choice",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("applies", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_clock_choice_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clock_choice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_choice")),
    )
    op.create_index("ix_clock_choice_case_id", "clock_choice", ["case_id", "code"], unique=False)
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_clock_pause_case_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_clock_pause_ended_by")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clock_pause_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )
    op.create_index("ix_clock_pause_case_id", "clock_pause", ["case_id", "code"], unique=False)
    op.create_table(
        "clock_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_by", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_clock_step_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clock_step_user_id")),
        sa.ForeignKeyConstraint(["void_by"], ["user.id"], name=op.f("fk_clock_step_void_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_step")),
    )
    op.create_index("ix_clock_step_case_id", "clock_step", ["case_id", "code"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column(
            "erased", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("proof", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_erasure_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_erasure_decided_by")),
        sa.ForeignKeyConstraint(["noted_by"], ["user.id"], name=op.f("fk_erasure_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_case_id"), "erasure", ["case_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_by", sa.Integer(), nullable=True),
        sa.Column("erased_for", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_identity_case_id")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_identity_created_by")),
        sa.ForeignKeyConstraint(["erased_by"], ["user.id"], name=op.f("fk_identity_erased_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    op.create_index("ix_identity_case_id", "identity", ["case_id", "kind", "letter"], unique=False)
    op.create_table(
        "lead",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=True),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_lead_case_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_lead_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("case_id", "recipient_id", name=op.f("uq_lead_case_id_recipient_id")),
        sa.UniqueConstraint("code", name=op.f("uq_lead_code")),
    )
    op.create_index(op.f("ix_lead_recipient_id"), "lead", ["recipient_id"], unique=False)
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column(
            "rows", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_sha256", sa.String(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["export_id"], ["export.id"], name=op.f("fk_package_export_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_package_recipient_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_package_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("key", name=op.f("uq_package_key")),
        sa.UniqueConstraint("number", name=op.f("uq_package_number")),
    )
    op.create_index(op.f("ix_package_recipient_id"), "package", ["recipient_id"], unique=False)
    op.create_table(
        "recipient_member",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_recipient_member_recipient_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_recipient_member_user_id")),
        sa.PrimaryKeyConstraint("user_id", "recipient_id", name=op.f("pk_recipient_member")),
    )
    op.create_index(op.f("ix_recipient_member_recipient_id"), "recipient_member", ["recipient_id"], unique=False)
    op.create_table(
        "document_sending",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["case_document.id"], name=op.f("fk_document_sending_document_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_document_sending_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_sending")),
        sa.UniqueConstraint("document_id", "key", name=op.f("uq_document_sending_document_id_key")),
    )
    op.create_table(
        "lead_answer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_answer_lead_id")),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_lead_answer_token_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_lead_answer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_answer")),
        sa.UniqueConstraint("lead_id", "key", name=op.f("uq_lead_answer_lead_id_key")),
    )
    op.create_index("ix_lead_answer_lead_id", "lead_answer", ["lead_id", "id"], unique=False)
    op.create_table(
        "lead_sending",
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "changed", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_sending_lead_id")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_lead_sending_package_id")),
        sa.PrimaryKeyConstraint("lead_id", "package_id", name=op.f("pk_lead_sending")),
    )
    op.create_index(op.f("ix_lead_sending_package_id"), "lead_sending", ["package_id"], unique=False)


def downgrade() -> None:

    op.drop_index(op.f("ix_lead_sending_package_id"), table_name="lead_sending")
    op.drop_table("lead_sending")
    op.drop_index("ix_lead_answer_lead_id", table_name="lead_answer")
    op.drop_table("lead_answer")
    op.drop_table("document_sending")
    op.drop_index(op.f("ix_recipient_member_recipient_id"), table_name="recipient_member")
    op.drop_table("recipient_member")
    op.drop_index(op.f("ix_package_recipient_id"), table_name="package")
    op.drop_table("package")
    op.drop_index(op.f("ix_lead_recipient_id"), table_name="lead")
    op.drop_table("lead")
    op.drop_index("ix_identity_case_id", table_name="identity")
    op.drop_table("identity")
    op.drop_index(op.f("ix_erasure_case_id"), table_name="erasure")
    op.drop_table("erasure")
    op.drop_index("ix_clock_step_case_id", table_name="clock_step")
    op.drop_table("clock_step")
    op.drop_index("ix_clock_pause_case_id", table_name="clock_pause")
    op.drop_table("clock_pause")
    op.drop_index("ix_clock_choice_case_id", table_name="clock_choice")
    op.drop_table("clock_choice")
    op.drop_table("case_watcher")
    op.drop_index(op.f("ix_case_task_case_id"), table_name="case_task")
    op.drop_index(op.f("ix_case_task_assignee_id"), table_name="case_task")
    op.drop_table("case_task")
    op.drop_index(op.f("ix_case_note_case_id"), table_name="case_note")
    op.drop_table("case_note")
    op.drop_index(op.f("ix_case_merge_into_id"), table_name="case_merge")
    op.drop_index(op.f("ix_case_merge_from_id"), table_name="case_merge")
    op.drop_table("case_merge")
    op.drop_index(op.f("ix_case_ground_case_id"), table_name="case_ground")
    op.drop_table("case_ground")
    op.drop_index("ix_case_event_case_id", table_name="case_event")
    op.drop_table("case_event")
    op.drop_index(op.f("ix_case_detail_owner_id"), table_name="case_detail")
    op.drop_index(op.f("ix_case_detail_merged_into"), table_name="case_detail")
    op.drop_table("case_detail")
    op.drop_table("case_check")
    op.drop_index(op.f("ix_case_bell_user_id"), table_name="case_bell")
    op.drop_index("ix_case_bell_state_next_at", table_name="case_bell")
    op.drop_table("case_bell")
    op.drop_table("case_apart")
    op.drop_index(op.f("ix_api_token_recipient_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("recipient")
    op.drop_index("ix_indicator_value_code", table_name="indicator_value")
    op.drop_table("indicator_value")
