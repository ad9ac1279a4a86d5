#!/usr/bin/env python3
"""Decodes mail with Python's email package and compares it with what a C test meant to say.

Each line of the input file holds three words: the message in base64, what to look at, the expected value in base64.
  header:NAME   the field's text, encoded words decoded        address:NAME  "phrase<address>"
  part:N        the content of the N-th leaf part, as bytes    file:N        its file name
  type:N        its media type
Every message is also checked for what must hold for all of them."""
import base64
import email
import email.header
import email.utils
import quopri
import re
import sys


def words(value):
    """RFC 2047, after unfolding (RFC 5322 2.2.3)."""
    value = value.replace('\r\n', '')
    return ''.join(text if isinstance(text, str) else text.decode(charset or 'ascii')
                   for text, charset in email.header.decode_header(value))


def file_name(leaf):
    """RFC 2231 before the plain fallback; get_filename() takes the fallback."""
    found = [value for name, value in leaf.get_params(header='content-disposition') if name == 'filename']
    encoded = [value for value in found if isinstance(value, tuple)]
    return email.utils.collapse_rfc2231_value(encoded[0] if encoded else found[0])


def look(message, what):
    kind, _, name = what.partition(':')
    if kind == 'header':
        return words(message.get(name) or '') if message.get(name) is not None else '(none)'
    if kind == 'address':
        phrase, address = email.utils.parseaddr(message[name].replace('\r\n', ''))
        return words(phrase) + '<' + address + '>'
    leaf = [part for part in message.walk() if not part.is_multipart()][int(name)]
    if kind == 'part':
        return leaf.get_payload(decode=True)
    if kind == 'file':
        return file_name(leaf)
    return leaf.get_content_type()


def check_form(raw):
    """What holds for every letter, whatever is in it."""
    head, _, body = raw.partition(b'\r\n\r\n')
    text = raw.decode('ascii')
    if re.search(r'\r(?!\n)|(?<!\r)\n|[\0-\x08\x0b\x0c\x0e-\x1f\x7f]', text):
        return 'a lone CR or LF or a control character'
    if text and not text.endswith('\r\n'):
        return 'the last line does not end'
    for line in text.split('\r\n'):
        if line.startswith('.') or line.startswith('From '):
            return 'bad beginning of a line: ' + line
    for word, form, content in re.findall(r'(=\?UTF-8\?([QB])\?([^?]*)\?=)', head.decode()):
        try:  # RFC 2047 5: each encoded word is whole characters of its own
            (base64.b64decode(content) if form == 'B' else quopri.decodestring(content, header=True)).decode()
        except ValueError:
            return 'a character is split: ' + word
        if len(word) > 75:
            return 'a long encoded word: ' + word
    for line in head.decode().split('\r\n'):
        if len(line) > 998 or (line and not line.strip()):
            return 'bad header line: ' + line
    for line in body.decode().split('\r\n'):
        if len(line) > 76 or line.endswith(' ') or line.endswith('\t'):
            return 'bad body line: ' + line
    return None


def main():
    wrong = 0
    count = 0
    for number, row in enumerate(open(sys.argv[1]), 1):
        raw, what, expected = row.rstrip('\n').split(' ')
        raw, expected = base64.b64decode(raw), base64.b64decode(expected)
        count += 1
        bad = check_form(raw)
        got = look(email.message_from_bytes(raw), what)
        if isinstance(got, str):
            got = got.encode('utf-8', 'surrogateescape')
        if bad or got != expected:
            wrong += 1
            print(f'{number}: {what}: {bad or "differs"}\n  want {expected!r}\n  got  {got!r}\n{raw[:3000].decode("latin-1")}',
                  file=sys.stderr)
            if wrong == 3:
                break
    print(f'# {count} values compared')
    return 1 if wrong or not count else 0


sys.exit(main())
