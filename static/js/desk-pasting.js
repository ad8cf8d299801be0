// Pictures by paste, drop or choice.

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

  // Ask for the words of pictures; null if they are not wanted.
  function ask(files) {
    const addresses = files.map(file => URL.createObjectURL(file));
    list.replaceChildren(...files.map((file, at) => {
      const item = template.content.cloneNode(true);
      item.querySelector('img').src = addresses[at];
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

  chooser.addEventListener('change', () => {
    const files = [...chooser.files].filter(isPicture);
    chooser.value = '';
    if (files.length) insert(files);
  });

  body.addEventListener('paste', event => {
    const clipboard = event.clipboardData;
    const files = [...clipboard.files].filter(isPicture);
    const text = clipboard.getData('text/plain').trim();
    if (files.length && !clipboard.getData('text/html').replace(/<img\b[^>]*>|<[^>]*>/g, '').trim()) {
      event.preventDefault();
      insert(files);
    } else if (/^https?:\/\/\S+$/.test(text) && body.selectionStart !== body.selectionEnd) {
      event.preventDefault();
      const words = body.value.slice(body.selectionStart, body.selectionEnd);
      desk.replace(body.selectionStart, body.selectionEnd, `[${words}](${text})`);
    }
  });

  body.addEventListener('dragover', event => {
    if (event.dataTransfer.types.includes('Files')) event.preventDefault();
  });
  body.addEventListener('drop', event => {
    const files = [...event.dataTransfer.files].filter(isPicture);
    if (!files.length) return;
    event.preventDefault();
    insert(files);
  });
}
