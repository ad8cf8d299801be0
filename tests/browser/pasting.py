"""Paste into the desk's text as the system's clipboard does."""

import base64

from tests.factories import make_image

PICTURE = base64.b64encode(make_image(320, 200, colour=(200, 120, 90))).decode()


def paste(page, *, html="", text="", rtf="", files=()):
    """Paste as the system does: the page's own handlers decide what comes of it."""
    page.locator("#id_body").focus()
    page.evaluate(
        """([html, text, rtf, files]) => {
            const held = new DataTransfer();
            if (html) held.setData('text/html', html);
            if (rtf) held.setData('text/rtf', rtf);
            held.setData('text/plain', text);
            for (const content of files) {
                const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
                held.items.add(new File([bytes], 'a.png', {type: 'image/png'}));
            }
            const event = new ClipboardEvent(
                'paste', {clipboardData: held, bubbles: true, cancelable: true});
            document.querySelector('#id_body').dispatchEvent(event);
        }""",
        [html, text, rtf, list(files)],
    )
