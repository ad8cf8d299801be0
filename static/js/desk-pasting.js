// Pictures by paste, drop or choice; formatted text by paste.

if (desk) {
  const { body, pane } = desk;
  const dialog = document.querySelector('#desk-pictures');
  const list = dialog.querySelector('.desk-pictures');
  const template = document.querySelector('#desk-picture');
  const chooser = document.querySelector('#desk-file');
  const line = document.querySelector('.desk-kept-at');

  const isPicture = file => /^image\/(png|jpeg|webp|gif)$/.test(file.type);
  const say = text => { line.textContent = text; };

  async function store(file) {
    const fields = desk.values();
    for (const name of [...fields.keys()]) if (!name.startsWith('desk-')) fields.delete(name);
    fields.set('file', file, 'picture');
    return (await desk.send(pane.dataset.pictures, fields)).name;
  }

  // Ask for the words of pictures, with those that are known; null if they are not wanted.
  function ask(files, known = []) {
    const addresses = files.map(file => URL.createObjectURL(file));
    list.replaceChildren(...files.map((file, at) => {
      const item = template.content.cloneNode(true);
      item.querySelector('img').src = addresses[at];
      item.querySelector('[name="alt"]').value = known[at] || '';
      return item;
    }));
    dialog.returnValue = '';
    dialog.showModal();
    list.querySelector('input').focus();
    return new Promise(resolve => {
      dialog.addEventListener('close', () => {
        addresses.forEach(address => URL.revokeObjectURL(address));
        const words = [...list.children].map(item => ({
          alt: item.querySelector('[name="alt"]').value.trim(),
          caption: item.querySelector('[name="caption"]').value.trim(),
        }));
        list.replaceChildren();
        resolve(dialog.returnValue === 'insert' ? words : null);
      }, { once: true });
    });
  }

  const plain = text => text.replace(/[[\]\n]/g, ' ').replace(/"/g, '”');

  async function insert(files) {
    const place = [body.selectionStart, body.selectionEnd];
    const storing = Promise.all(files.map(store));
    storing.catch(() => {});
    const words = await ask(files);
    body.focus();
    body.setSelectionRange(...place);
    if (!words) return;
    say('正在上传图片……');
    try {
      const names = await storing;
      const marks = names.map((name, at) => {
        const caption = words[at].caption && ` "${plain(words[at].caption)}"`;
        return `![${plain(words[at].alt)}](${name}${caption})`;
      });
      desk.insertBlock(marks.join('\n\n'));
      say('');
    } catch (error) {
      say(`图片没有上传：${error.message}`);
    }
  }

  // Enter goes to the next field, and from the last one into the text.
  dialog.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.isComposing || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    const inputs = [...list.querySelectorAll('input')];
    const next = inputs[inputs.indexOf(event.target) + 1];
    if (next) next.focus();
    else dialog.close('insert');
  });

  // --- A Word file ----------------------------------------------------------------------

  const wordChooser = document.querySelector('#desk-word');
  const isWord = file => /\.docx?$/i.test(file.name);

  async function openWord(file) {
    const place = [body.selectionStart, body.selectionEnd];
    const fields = desk.values();
    for (const name of [...fields.keys()]) if (!name.startsWith('desk-')) fields.delete(name);
    fields.set('file', file);
    say(`正在读取${file.name}……`);
    try {
      const word = await desk.send(pane.dataset.word, fields);
      const title = desk.field('title');
      if (!title.value.trim()) {
        title.value = word.title.slice(0, title.maxLength > 0 ? title.maxLength : undefined);
        title.dispatchEvent(new Event('input', { bubbles: true }));
      }
      body.focus();
      body.setSelectionRange(...place);
      desk.insertBlock(word.markdown);
      const pictures = word.pictures ? `，图片${word.pictures}张` : '';
      say([`已导入${file.name}${pictures}；撤销可以取消`, ...word.notes].join('。'));
    } catch (error) {
      say(`${file.name}没有导入：${error.message}`);
    }
  }

  wordChooser.addEventListener('change', () => {
    const [file] = wordChooser.files;
    if (file) openWord(file);
    wordChooser.value = '';
  });

  chooser.addEventListener('change', () => {
    const files = [...chooser.files].filter(isPicture);
    chooser.value = '';
    if (files.length) insert(files);
  });

  // --- Text with a format, from Word or a web page --------------------------------------

  const FORMAT = /<(?:p|h[1-6]|li|table|a|b|strong|em|i|img|br|blockquote)[\s>]/i;

  const OWN_PICTURE = /<img\b[^>]*\ssrc=["']?(?:data|file):/i; // one that no address on the web leads to

  // Word leaves its pictures out of its HTML; they stand in its RTF as digits, in the same order.
  function picturesOf(rtf) {
    const files = [];
    for (const part of rtf.split('\\pict').slice(1)) {
      const kind = /\\(png|jpeg)blip/.exec(part);
      const digits = kind && /([\da-f\s]{64,})\}/i.exec(part);
      if (!digits) continue;
      const hex = digits[1].replace(/\s/g, '');
      const bytes = new Uint8Array(hex.length >> 1);
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(hex.substr(2 * at, 2), 16);
      files.push(new File([bytes], 'picture', { type: `image/${kind[1]}` }));
    }
    return files;
  }

  async function pictureAt(address, fromWord) {
    if (address.startsWith('file:')) return fromWord.shift();
    if (!/^data:image\/(png|jpeg|webp|gif)[;,]/.test(address)) return null;
    const [head, content] = [address.slice(5, address.indexOf(',')), address.slice(address.indexOf(',') + 1)];
    const text = head.endsWith(';base64') ? atob(content) : decodeURIComponent(content);
    const bytes = Uint8Array.from(text, character => character.charCodeAt(0));
    return new File([bytes], 'picture', { type: head.split(';')[0] });
  }

  async function pasteFormatted(html, rtf, text) {
    const place = [body.selectionStart, body.selectionEnd];
    try {
      const page = OWN_PICTURE.test(html) && new DOMParser().parseFromString(html, 'text/html');
      const fromWord = page ? picturesOf(rtf) : [];
      const found = [];
      for (const image of page ? page.querySelectorAll('img') : []) {
        const file = await pictureAt(image.getAttribute('src') || '', fromWord);
        if (file) found.push({ image, file });
        else if (!/^https?:/.test(image.getAttribute('src') || '')) image.remove();
      }
      if (found.length) {
        const storing = Promise.all(found.map(each => store(each.file)));
        storing.catch(() => {});
        const words = await ask(found.map(each => each.file), found.map(each => each.image.alt));
        const names = words ? await storing : [];
        found.forEach(({ image }, at) => {
          if (!words) return image.remove();
          image.setAttribute('src', names[at]);
          image.setAttribute('alt', words[at].alt);
          if (words[at].caption) image.setAttribute('title', words[at].caption);
        });
      }
      const fields = new FormData();
      fields.set('html', page ? page.body.innerHTML : html);
      fields.set('title', desk.field('title').value);
      say('正在整理格式……');
      const { markdown } = await desk.send(pane.dataset.markdown, fields);
      put(markdown, place);
      say('已整理格式；要纯文字，撤销后按 Ctrl+Shift+V');
    } catch (error) {
      put(text, place);
      say(`格式没有整理：${error.message}`);
    }
  }

  function put(text, place) {
    body.focus();
    body.setSelectionRange(...place);
    if (text.includes('\n')) desk.insertBlock(text);
    else desk.replace(...place, text);
  }

  body.addEventListener('paste', event => {
    const clipboard = event.clipboardData;
    const files = [...clipboard.files].filter(isPicture);
    const html = clipboard.getData('text/html');
    const text = clipboard.getData('text/plain');
    const hasWords = html.replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[^>]*>/g, '').trim();
    if (files.length && !hasWords) {
      event.preventDefault();
      insert(files);
    } else if (/^https?:\/\/\S+$/.test(text.trim()) && body.selectionStart !== body.selectionEnd) {
      event.preventDefault();
      const words = body.value.slice(body.selectionStart, body.selectionEnd);
      desk.replace(body.selectionStart, body.selectionEnd, `[${words}](${text.trim()})`);
    } else if (FORMAT.test(html)) {
      event.preventDefault();
      pasteFormatted(html, clipboard.getData('text/rtf'), text);
    }
  });

  // A Word file may be dropped anywhere on the form: the browser would leave the page for it.
  desk.form.addEventListener('dragover', event => {
    if (event.dataTransfer.types.includes('Files') && event.target.type !== 'file') event.preventDefault();
  });
  desk.form.addEventListener('drop', event => {
    const files = [...event.dataTransfer.files];
    if (!files.length || event.target.type === 'file') return;
    event.preventDefault();
    const word = files.find(isWord);
    if (word) openWord(word);
    else if (files.some(isPicture)) insert(files.filter(isPicture));
    else say('这里可以放入图片和Word文件（.docx）');
  });
}
