"""Which paragraphs of a page are not the article: notices, share bars, links to other stories.

Nothing here knows a site. Short paragraphs that say nothing but an instruction of the page go wherever they stand; longer
ones only in the head or the tail of the page, and only if they talk about the page itself.
"""

# A pattern broken over lines is harder to read than a long line.
# ruff: noqa: E501

from __future__ import annotations

import re
from typing import Final

#: A whole paragraph that is an element of the page.
_ELEMENT: Final = re.compile(
    r"""(?:
      (?:next|previous|prev|related|more|top|latest|trending|popular|recommended|other|read\ next|up\ next)\s*(?:stor(?:y|ies)|articles?|news|posts?|reads?|videos?|coverage|headlines|topics?|from\ .{1,40}|on\ .{1,40}|in\ .{1,40})?
    | (?:share|tweet|print|save|e-?mail|copy\ link|pin|like|comments?|leave\ a\ comment|post\ a\ comment|follow(?:\ us)?|subscribe|sign\ (?:in|up)|log\ ?in|register|join\ .{1,30}|listen|watch|play|download|gift|whatsapp|facebook|twitter|x|linkedin|reddit|telegram|messenger|instagram|youtube|pinterest|tumblr|flipboard|email|link)
    | (?:share|tweet|print|save|send|post|like|follow)\s+(?:this|the|via|on|us|with)\b.{0,60}
    | (?:advertisement|advertising|sponsored(?:\ content)?|promoted(?:\ content)?|ad|ads|story\ continues\ below(?:\ advertisement)?|article\ continues\ (?:after|below).{0,30}|continue\ reading(?:\ the\ main\ story)?|continue\ reading\ below|read\ more|show\ more|view\ more|load\ more|see\ more|see\ all|view\ all|more|menu|search|home|close|skip\ to\ (?:main\ )?(?:content|navigation)|back\ to\ top|loading.{0,5}|view\ comments|hide\ comments|show\ comments|\d+\ comments?|\d+\ shares?|most\ (?:read|popular|viewed|shared)|editor['’]?s['’]?\ picks?|you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested\ in).{0,20}|also\ read|also\ see|also\ in\ .{1,30}|don['’]t\ miss|tags?|topics?|filed\ under.{0,60}|follow\ (?:us|me)\b.{0,60}|get\ (?:the\ )?(?:app|newsletter).{0,40}|\d+\ min(?:ute)?s?\ read)
    )\s*[:.»›>|→]*""",
    re.IGNORECASE | re.VERBOSE,
)
#: Begins a pointer to another piece, with its title after it.
_POINTER: Final = re.compile(
    r"(?:also read|read (?:also|more|next|on)|see also|also see|also watch|watch|related|recommended|more on this|more from|don['’]t miss|next story|previous story|up next|tags?|topics?|filed under|(?:read|view) (?:the )?(?:original|full) (?:article|story))\s*[:|–—»-]\s*\S",
    re.IGNORECASE,
)
#: Talks about the page and its owner, not about the world. Two of these in a paragraph, or one strong one, make a notice.
_STRONG: Final = re.compile(
    r"(?:uses? (?:third[- ]party |essential )?cookies|cookies and similar technolog|cookie (?:policy|notice|settings|preferences)|accept (?:all )?cookies|by (?:using|continuing to use|browsing|visiting) (?:this|our|the) (?:web)?site|by (?:clicking|subscribing|signing up)"
    r"|(?:agree to|read) (?:our|the) (?:updated )?(?:privacy policy|terms)|all rights reserved|(?:©|\(c\)|copyright) ?(?:\d{4}|by )|enable javascript|disable your ad ?blocker|(?:subscribe|sign up) (?:to|for) (?:our|the) .{0,30}newsletter"
    r"|get (?:the )?(?:latest|breaking) (?:news|stories|headlines)|download (?:our|the) .{0,20}app|follow us on|like us on|join our (?:whatsapp|telegram|facebook)|this story has been published from a wire|has not been edited by|may not be (?:published|reproduced|republished)|support (?:our|independent) journalism|become a (?:member|subscriber|supporter)|your email address will not be published)",
    re.IGNORECASE,
)
_WEAK: Final = re.compile(
    r"\b(?:cookies?|privacy policy|terms (?:of (?:use|service)|and conditions)|learn more|browsing experience|advertis\w+|newsletter|inbox|subscri\w+|sign up|click here|our (?:web)?site|unsubscribe|log in|personali[sz]ed|consent|third[- ]party)\b",
    re.IGNORECASE,
)
#: Text of a crawler or a template where a headline should be.
_SHARE_WORDS: Final = frozenset(
    [
        "share",
        "tweet",
        "print",
        "save",
        "email",
        "e-mail",
        "facebook",
        "twitter",
        "whatsapp",
        "linkedin",
        "reddit",
        "telegram",
        "pinterest",
        "messenger",
        "copy",
        "link",
        "comments",
        "comment",
        "like",
        "follow",
        "instagram",
        "youtube",
        "sms",
        "flipboard",
        "x",
        "tumblr",
        "subscribe",
    ]
)
#: A paragraph that only a news text has: it ends like a sentence.
_SENTENCE: Final = re.compile(r"[.!?…][\"”’')\]]*$")


def is_element(paragraph: str) -> bool:
    """Whether the whole paragraph is an element of the page: a button, a label, a share bar."""
    plain = " ".join(paragraph.split()).strip(" |•·–—-»›→←")
    if not plain:
        return True
    if _ELEMENT.fullmatch(plain):
        return True
    parts = re.findall(r"[\w-]+", plain.casefold())
    return (
        len(parts) <= 14
        and bool(parts)
        and all(part in _SHARE_WORDS or part.isdigit() for part in parts)
        and not plain.isdigit()
    )


def is_pointer(paragraph: str) -> bool:
    """Whether the paragraph points to another piece ("Also read: …")."""
    return len(paragraph) < 200 and bool(_POINTER.match(paragraph.strip()))


def is_notice(paragraph: str) -> bool:
    """Whether the paragraph is a notice of the site: cookies, terms, copyright, newsletter."""
    if re.search(r"[\"“”].{12,}[\"“”]", paragraph):
        return False  # somebody is quoted: that is news about cookies
    weak = len({match.group().casefold() for match in _WEAK.finditer(paragraph)})
    if len(paragraph) > 600:
        return False
    return bool(_STRONG.search(paragraph)) or weak >= 3 or (weak >= 2 and len(paragraph) < 200)


def is_sentence(paragraph: str) -> bool:
    """Whether the paragraph ends like a sentence."""
    return bool(_SENTENCE.search(paragraph.rstrip()))
