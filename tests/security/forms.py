"""Every form of the site: where it goes and what an honest person would send."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, url_for

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.models import CardRevision
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import links
from app.domains.moderation.models import SavedView
from app.infra import tokens
from app.infra.db import db
from tests import factories

PASSWORD = "seven quiet herons by the lake"

GUEST = {"body": "Me too.", "kind": "", "ticket": "", "name": "Bo Berg", "email": "bo@example.com"}
ARTICLE = {
    "title": "Hips",
    "summary": "",
    "source": "Text.",
    "slug": "",
    "tags": "",
    "at": "",
    "version": "1",
    "act": "save",
}
RESOURCE = {
    "kind": "exercise",
    "title": "Swing",
    "url": "",
    "summary": "",
    "source": "Swing.",
    "slug": "",
    "tags": "",
}
CARD = {"title": "Hips", "source": "Text.", "tags": "", "version": "1", "act": "save"}
RULE = {
    "name": "Numbness",
    "kind": "phrase",
    "lines": "numb*",
    "effect": "red flag",
    "tag": "",
    "note": "Please see somebody.",
    "size": "200",
    "version": "1",
}
TAG = {"name": "knee", "slug": "", "description": "", "synonyms": "clicking knee"}

FORMS: dict[str, dict[str, str]] = {
    "accounts.change_password_now": {"current": "x" * 12, "password": PASSWORD},
    "accounts.change_profile": {"name": "Ines Falk", "bio": "I coach."},
    "accounts.send_reset_link": {"email": "bo@example.com"},
    "accounts.send_address_link": {"email": "bo@example.com"},
    "accounts.remove_password": {"remove": "x" * 12},
    "accounts.send_sign_in_link": {"email": "bo@example.com", "next": "/"},
    "accounts.begin_openid": {"next": "/"},
    "accounts.welcome_newcomer": {"name": "Bo Berg"},
    "accounts.sign_in_now": {"email": "bo@example.com", "password": "x" * 12, "next": "/"},
    "accounts.enter_by_passkey": {"answer": "{}", "next": "/"},
    "accounts.register_passkey": {"name": "Phone", "answer": "{}"},
    "accounts.second_step_by_passkey": {"answer": "{}"},
    "accounts.second_step_now": {"code": "123456"},
    "accounts.set_app_up": {"code": "123456", "offer": "x" * 40},
    "accounts.save_preferences": {"language": "de", "theme": "dark", "next": "/"},
    "accounts.sign_up_now": {
        "name": "Bo Berg",
        "email": "bo@example.com",
        "password": PASSWORD,
        "next": "/",
    },
    "author.answer_with_card": {"same": "1", "version": "1"},
    "author.bring_back_card": {"version": "1"},
    "author.choose_week_mail": {"is_wanted": "y"},
    "author.create_article": ARTICLE,
    "author.create_card": CARD,
    "author.create_resource": RESOURCE,
    "author.create_tag": TAG,
    "author.decide_phrases": {"phrase": "1", "verb": "yes"},
    "author.merge_tag": {"into": "2"},
    "author.preview_article": {"source": "Text."},
    "author.preview_card": {"source": "Text."},
    "author.save_article": ARTICLE,
    "author.reach_back": {
        "question": "1",
        "how": "reply",
        "body": "There is an article now.",
        "card": "0",
        "key": "abc",
    },
    "author.start_gap_draft": {"title": "hip, clicks", "question": "1"},
    "author.save_card": CARD,
    "author.save_resource": RESOURCE,
    "author.save_tag": TAG,
    "following.begin": {"often": "daily", "email": "bo@example.com"},
    "following.end_mine": {"end": "article-1"},
    "mailbox.decide": {"verb": "reject", "reason": "Advertising", "own_reason": "No."},
    "moderation.answer": {"same": "1", "version": "1"},
    "moderation.change_kind": {"kind": "comment"},
    "moderation.create_rule": RULE,
    "moderation.decide": {
        "item": "",
        "verb": "reject",
        "reason": "Advertising",
        "own_reason": "",
        "lane": "waiting",
        "following": "1",
    },
    "moderation.edit": {"body": "Mended.", "title": "", "version": "", "tags": "", "then": ""},
    "moderation.give_reason": {
        "reason": "Advertising",
        "own_reason": "",
        "tell": "1",
        "version": "1",
    },
    "moderation.hold_for": {"colleague": "1", "note": "For you.", "version": "1", "next": ""},
    "moderation.move": {"to": "/comments/1", "version": "1"},
    "moderation.note": {"note-reason": "Writes well when asked to."},
    "moderation.release": {"version": "1"},
    "moderation.save_rule": RULE,
    "moderation.split_off": {"version": "1"},
    "moderation.take_measure": {
        "kind": "suspend",
        "about": "pattern",
        "pattern": "*@shop.example",
        "reason": "Advertises.",
        "until": "2999-01-01",
        "reject": "",
    },
    "moderation.try_new_rule": RULE,
    "moderation.try_rule": RULE,
    "moderation.start_batch": {
        "wish": "lane=spam",
        "verb": "delete",
        "reason": "",
        "own_reason": "",
    },
    "moderation.rename_list": {"name": "Hips"},
    "moderation.save_list": {"name": "Hips", "wish": "order=people"},
    "moderation.undo": {"entry": "1", "lane": ""},
    "settings.save_reasons": {
        "words": "Advertising",
        "sentence": "It advertises something.",
        "order": "1",
        "version": "",
    },
    "questions.answered_it": {"answered": "card:1", "seen": "x"},
    "questions.ask": {**GUEST, "next": "/", "follow": "y", "leave_this_empty": "", "seen": "x"},
    "questions.judge_card": {"helped": "no", "reason": "Mine hurts."},
    "questions.me_too": {"email": "bo@example.com"},
    "questions.preview": {"body": "Me too."},
    "questions.reply": {**GUEST, "next": "/", "insert": ""},
    "questions.report": {"reason": "spam", "words": "Sells shoes."},
    "questions.say_mine": {"text": "1"},
    "questions.say_not_mine": {"text": "1"},
    "questions.suggest": {"body": "My left hip clicks.", "kind": "question"},
    "questions.save": {"body": "Me too, today.", "kind": "", "ticket": ""},
    "settings.save_red_flag": {"note": "Please see a doctor.", "version": "0"},
    "settings.save_intake": {
        "hold_from": "60",
        "likeness": "80",
        "weight_links": "35",
        "place_links": "7",
        "on_links": "y",
        "version": "0",
    },
    "settings.save_privacy": {
        "networks": "30",
        "refused": "90",
        "texts": "stay",
        "contact": "",
        "words": "",
        "version": "0",
    },
    "settings.save_language": {"language": "en", "time_zone": "UTC", "version": "0"},
    "settings.save_openness": {"is_on": "y", "version": "0"},
    "settings.save_replies": {"readers": "y", "version": "0"},
    "settings.save_reports": {"reasons": "Advertising", "threshold": "5", "version": "0"},
}
PICTURES_AND_BUTTONS = {
    "moderation.erase_person",
    "moderation.keep_person",
    "moderation.open_item",
    "moderation.remove_list",
    "moderation.stop_batch",
    "moderation.undo_batch",
    "accounts.end_other_sessions",
    "privacy.ask_for_copy",
    "privacy.ask_to_leave",
    "privacy.ask_to_leave_as_guest",
    "privacy.change_mind_now",
    "privacy.stay",
    "privacy.ask_for_guests_copy",
    "privacy.take_copy",
    "privacy.take_guests_copy",
    "accounts.confirm_address_now",
    "accounts.take_address_back_now",
    "accounts.end_session",
    "accounts.enter_by_link_now",
    "accounts.link_identity",
    "accounts.unlink_identity",
    "accounts.mail_password_link",
    "accounts.make_codes",
    "accounts.ask_for_second_step",
    "accounts.ask_to_enter",
    "accounts.ask_to_make",
    "accounts.ask_who_is_there",
    "accounts.remove_passkey",
    "accounts.not_me_now",
    "accounts.prove_again",
    "accounts.prove_now",
    "accounts.reset_now",
    "accounts.send_proof",
    "accounts.sign_out",
    "accounts.turn_app_off",
    "accounts.unsubscribe_now",
    "author.card_of_reply",
    "author.look_again",
    "author.remove_resource",
    "author.take_back_phrase",
    "author.use_new_address",
    "author.restore_card",
    "author.retire_card",
    "author.take_over_card",
    "author.unlink_card",
    "author.answer_still_right",
    "author.card_still_right",
    "author.upload_image",
    "following.confirm_now",
    "following.end_from_mail",
    "following.stop",
    "moderation.still_right",
    "moderation.lift_measure",
    "moderation.pause_rule",
    "moderation.put_back_rule",
    "moderation.remove_rule",
    "moderation.start_rule",
    "questions.mail_proof",
    "questions.me_too_confirm",
    "questions.not_me_too",
    "questions.withdraw",
    "returned.take",
    "returned.take_answer",
    "settings.drop_mail",
    "settings.drop_mails",
    "settings.lift_mail_stop",
    "settings.save_moderator",
    "settings.send_mail_again",
    "settings.send_mails_again",
}
"""Unsafe routes without fields of text; the private keys of some are tried in test_routes."""


@dataclass(frozen=True)
class House:
    """Things for every form to be about, and the one who may send all of them."""

    admin: Account
    waiting: Comment
    paths: dict[str, str]

    def fields(self, endpoint: str) -> dict[str, str]:
        """An honest form, about the waiting text as it is now where it is about that."""
        fields = {name: value for name, value in FORMS[endpoint].items() if value}
        if endpoint == "moderation.decide":
            fields["item"] = f"{self.waiting.id}:{self.waiting.version}"
        if endpoint == "moderation.edit":
            fields["version"] = str(self.waiting.version)
        return fields


def build(app: Flask) -> House:
    tag = factories.make_tag("hip")
    factories.make_tag("toe")  # the second, for a merge
    article = factories.make_article("Hips", tags=[tag])
    resource = factories.make_resource("Swing", tags=[tag])
    question = factories.make_question(article=article)
    card = factories.make_card()
    link = factories.make_link(card, question)
    former = CardRevision(card_id=card.id, title="Hips", source="Rest.", editor_name="Ines")
    waiting = factories.make_question(article=article, status=Status.PENDING)
    rule_row = factories.make_rule()
    admin = factories.make_account(Role.ADMIN)
    mailed = factories.make_comment(article=article, status=Status.PENDING)
    secret = links.secrets_for(admin, [mailed])[mailed.id]
    own_list = SavedView(account_id=admin.id, name="Ankles", wish={"lane": "spam"})
    db.session.add_all([own_list, former])
    db.session.commit()
    about_waiting = {"moderation.change_kind", "moderation.edit", "questions.save"}
    paths = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in FORMS and "POST" in (rule.methods or ()):
                parts = {
                    "comment_id": (waiting if rule.endpoint in about_waiting else question).id,
                    "secret": secret,
                    "key": tokens.private_key("asked", waiting.id, waiting.nonce),
                    "slug": article.slug,
                    "article_id": article.id,
                    "card_id": card.id,
                    "link_id": link.id,
                    "revision_id": former.id,
                    "followed": f"article-{article.id}",
                    "tag_id": tag.id,
                    "resource_id": resource.id,
                    "kind": "address",
                    "published": "article",
                    "thing_id": article.id,
                    "rule_id": rule_row.id,
                    "list_id": own_list.id,
                    "person_id": question.address_id,
                }
                if rule.endpoint == "questions.judge_card":
                    parts["key"] = tokens.private_key("asked", question.id, question.nonce)
                values = {name: parts[name] for name in rule.arguments}
                paths[rule.endpoint] = url_for(rule.endpoint, **values)
    return House(admin, waiting, paths)
