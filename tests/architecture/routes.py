"""Who may use which route: the one table that every route must stand in (P01).

A route that is missing here, or stands here and is gone, fails the tests; so does one that lets
anybody in whom this table does not name.
"""

from __future__ import annotations

from app.domains.accounts.states import STAFF, Role

GUEST = "guest"
ROLES = (GUEST, Role.READER, Role.MODERATOR, Role.AUTHOR, Role.ADMIN)

EVERYONE = frozenset(ROLES)
MEMBERS = EVERYONE - {GUEST}
WRITERS = frozenset({Role.AUTHOR, Role.ADMIN})
HOLDERS = "whoever holds the private key in the address"

Who = frozenset[str] | str

OPEN = [
    "GET accounts.forgot",
    "GET accounts.forgot_sent",
    "GET accounts.sign_in",
    "GET accounts.sign_up",
    "GET accounts.sign_up_sent",
    "POST accounts.send_reset_link",
    "POST accounts.sign_in_now",
    "POST accounts.sign_out",
    "POST accounts.sign_up_now",
    "GET answers.index",
    "GET answers.show",
    "GET articles.archive",
    "GET articles.author",
    "GET articles.home",
    "GET articles.media",
    "GET articles.month",
    "GET articles.show",
    "GET assets",
    "GET feeds.article",
    "GET feeds.articles",
    "GET feeds.robots",
    "GET feeds.sitemap",
    "GET feeds.sitemap_part",
    "GET feeds.tag",
    "GET health.check",
    "GET library.resource",
    "GET library.resources",
    "GET library.tag",
    "GET library.tags",
    "GET openness.summary",
    "GET questions.ask_page",
    "GET questions.index",
    "GET questions.me_too_page",
    "GET questions.me_too_sent",
    "GET questions.permalink",
    "GET questions.reply_page",
    "GET questions.report_page",
    "GET questions.reported",
    "GET questions.show",
    "POST questions.ask",
    "POST questions.me_too",
    "POST questions.not_me_too",
    "POST questions.preview",
    "POST questions.reply",
    "POST questions.report",
    "POST questions.suggest",
    "GET search.results",
]
KEYED = [
    "GET accounts.prove",
    "GET accounts.reset",
    "GET accounts.unsubscribe",
    "POST accounts.prove_again",
    "POST accounts.prove_now",
    "POST accounts.reset_now",
    "POST accounts.unsubscribe_now",
    "GET mailbox.show",
    "GET questions.edit",
    "GET questions.me_too_proof",
    "POST questions.me_too_confirm",
    "GET questions.status",
    "POST mailbox.decide",
    "POST questions.save",
    "POST questions.judge_card",
    "POST questions.mail_proof",
    "POST questions.withdraw",
    "POST questions.answered_it",
]
OWN = [
    "GET accounts.change_password",
    "GET accounts.profile",
    "GET questions.mine",
    "POST accounts.change_password_now",
    "POST accounts.change_profile",
    "POST accounts.end_other_sessions",
    "POST accounts.send_proof",
]
DESK = [
    "GET moderation.counts",
    "GET moderation.filters",
    "GET moderation.live",
    "GET moderation.one",
    "GET moderation.saved_lists",
    "POST moderation.open_item",
    "POST moderation.remove_list",
    "POST moderation.rename_list",
    "POST moderation.save_list",
    "GET moderation.item",
    "GET moderation.chart",
    "GET moderation.log",
    "GET moderation.numbers",
    "GET moderation.people",
    "GET moderation.person",
    "GET moderation.new_rule",
    "GET moderation.queue",
    "GET moderation.rehearse_rule",
    "GET moderation.rule",
    "GET moderation.rules",
    "POST moderation.change_kind",
    "POST moderation.create_rule",
    "POST moderation.decide",
    "POST moderation.edit",
    "POST moderation.give_reason",
    "POST moderation.hold_for",
    "POST moderation.lift_measure",
    "POST moderation.move",
    "POST moderation.note",
    "POST moderation.pause_rule",
    "POST moderation.put_back_rule",
    "POST moderation.release",
    "POST moderation.remove_rule",
    "POST moderation.save_rule",
    "POST moderation.split_off",
    "POST moderation.start_rule",
    "POST moderation.take_measure",
    "POST moderation.try_new_rule",
    "POST moderation.try_rule",
    "POST moderation.still_right",
    "GET moderation.batch",
    "GET moderation.batch_list",
    "POST moderation.start_batch",
    "POST moderation.stop_batch",
    "POST moderation.undo",
    "POST moderation.undo_batch",
]
EXPORTS = [
    "GET moderation.export_log",
]
SETTINGS = [
    "GET settings.index",
    "GET settings.openness",
    "POST settings.save_openness",
    "GET settings.intake",
    "GET settings.reasons",
    "POST settings.save_reasons",
    "GET settings.moderators",
    "GET settings.red_flag",
    "GET settings.reports",
    "POST settings.save_intake",
    "POST settings.save_moderator",
    "POST settings.save_red_flag",
    "POST settings.save_reports",
]
LIBRARY = [
    "GET author.edit_resource",
    "GET author.edit_tag",
    "GET author.new_resource",
    "GET author.new_tag",
    "GET author.resources",
    "GET author.tags",
    "POST author.create_resource",
    "POST author.create_tag",
    "POST author.preview_article",
    "POST author.remove_resource",
    "POST author.save_resource",
    "POST author.save_tag",
]
ARTICLES = [
    "GET author.articles",
    "GET author.cards",
    "GET author.edit_card",
    "GET author.new_card",
    "POST author.bring_back_card",
    "POST author.card_of_reply",
    "POST author.create_card",
    "POST author.preview_card",
    "POST author.restore_card",
    "POST author.retire_card",
    "POST author.save_card",
    "POST author.unlink_card",
    "GET author.edit_article",
    "GET author.images",
    "GET author.inbox",
    "GET author.new_article",
    "POST author.create_article",
    "POST author.save_article",
    "POST author.upload_image",
]

MAY_USE: dict[str, Who] = {
    **dict.fromkeys(OPEN, EVERYONE),
    **dict.fromkeys(KEYED, HOLDERS),
    **dict.fromkeys(OWN, MEMBERS),
    **dict.fromkeys(DESK, frozenset(STAFF)),
    **dict.fromkeys(SETTINGS, frozenset({Role.ADMIN})),
    **dict.fromkeys(EXPORTS, frozenset({Role.ADMIN})),
    **dict.fromkeys(LIBRARY, frozenset(STAFF)),
    **dict.fromkeys(ARTICLES, WRITERS),
}

WITHOUT_TOKEN = {"POST accounts.unsubscribe_now"}
"""Called by mail programs (RFC 8058), which have no form of ours; the key is its protection."""
