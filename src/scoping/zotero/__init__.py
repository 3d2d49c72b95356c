"""Zotero: items and files come from a library, decisions go back to it as tags. Only `scoping zotero` uses the network.

`connection` sends requests and waits where it must; `library` asks and writes through pyzotero; `snapshot`, `tags` and
`attachments` say, without any network, what a pull and a push make of what was read; `marking` writes tags.
"""
