// The toolbar, its shortcuts, lists that go on by themselves, counters.

if (desk) {
  const { body, form } = desk;
  const toolbar = document.querySelector('.desk-toolbar');
  const line = document.querySelector('.desk-line');

  body.before(toolbar);
  body.after(line);
  toolbar.hidden = line.hidden = false;

  // --- Commands -------------------------------------------------------------------

  const selected = () => body.value.slice(body.selectionStart, body.selectionEnd);

  function wrap(mark, placeholder) {
    const start = body.selectionStart, end = body.selectionEnd, text = selected();
    const outside = body.value.slice(start - mark.length, start) === mark
      && body.value.slice(end, end + mark.length) === mark;
    if (outside) {
      desk.replace(start - mark.length, end + mark.length, text, [0, text.length]);
    } else {
      const words = text || placeholder;
      desk.replace(start, end, mark + words + mark, [mark.length, mark.length + words.length]);
    }
  }

  // Change the whole lines that the selection touches, all of them or, where all are, back.
  function lines(add, has, remove) {
    const value = body.value;
    const start = value.lastIndexOf('\n', body.selectionStart - 1) + 1;
    const next = value.indexOf('\n', Math.max(body.selectionEnd - (selected().endsWith('\n') ? 1 : 0), start));
    const end = next < 0 ? value.length : next;
    const old = value.slice(start, end).split('\n');
    const isSet = old.filter(text => text.trim()).every(has) && old.some(text => text.trim());
    const many = old.length > 1;
    const now = old.map((text, at) => (isSet ? remove(text) : many && !text.trim() ? text : add(remove(text), at))).join('\n');
    const isBlock = !isSet && start > 0 && value.slice(0, start).trim() && !value.slice(0, start).endsWith('\n\n');
    const above = isBlock && !has(value.slice(0, start - 1).split('\n').pop()) ? '\n' : '';
    const text = above + now;
    desk.replace(start, end, text, many ? [above.length, text.length] : [text.length, text.length]);
  }

  const bare = text => text.replace(/^\s*(?:#{1,6}\s*|>\s?|[-*+]\s+|\d{1,3}[.)]\s+)/, '');
  const heading = marks => lines(
    text => `${marks} ${text}`, text => text.startsWith(`${marks} `), bare);

  const commands = {
    heading: () => heading('##'),
    subheading: () => heading('###'),
    bold: () => wrap('**', '要强调的话'),
    bullets: () => lines(text => `- ${text}`, text => /^\s*[-*+] /.test(text), bare),
    numbers: () => lines((text, at) => `${at + 1}. ${text}`, text => /^\s*\d+[.)] /.test(text), bare),
    quote: () => lines(text => `> ${text}`, text => text.startsWith('>'), bare),
    table: () => desk.insertBlock('| 项目 | 说明 |\n| --- | --- |\n|  |  |\n|  |  |', [2, 4]),
    link: () => {
      const words = selected() || '链接文字';
      const text = `[${words}](https://)`;
      const at = selected() ? [words.length + 3, words.length + 11] : [1, 1 + words.length];
      desk.replace(body.selectionStart, body.selectionEnd, text, at);
    },
    picture: () => document.querySelector('#desk-file').click(),
    word: () => document.querySelector('#desk-word').click(),
    citation: () => desk.pick(),
  };

  const SHORTCUTS = {
    Digit2: 'heading', Digit3: 'subheading', KeyU: 'bullets', KeyO: 'numbers', KeyQ: 'quote',
    KeyT: 'table', KeyP: 'picture', KeyI: 'word', KeyL: 'citation',
  };

  body.addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    const main = event.ctrlKey || event.metaKey;
    let name = '';
    if (main && event.altKey && !event.getModifierState('AltGraph')) name = SHORTCUTS[event.code];
    else if (main && !event.altKey && !event.shiftKey) name = { KeyB: 'bold', KeyK: 'link' }[event.code];
    if (name) {
      event.preventDefault();
      commands[name]();
    } else if (event.key === 'Enter' && !main && !event.shiftKey && !event.altKey) {
      goOn(event);
    }
  });

  form.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === 'KeyS') {
      event.preventDefault();
      const button = form.querySelector('[name="_continue"]') || form.querySelector('[type="submit"]');
      button?.click();
    }
  });

  // Enter in a list or quotation begins its next line; on an empty one it ends the list.
  function goOn(event) {
    const at = body.selectionStart;
    if (at !== body.selectionEnd) return;
    const start = body.value.lastIndexOf('\n', at - 1) + 1;
    const found = /^(\s*)([-*+]|(\d{1,3})([.)])|>)( +|$)(.*)$/.exec(body.value.slice(start, at));
    if (!found) return;
    event.preventDefault();
    const [, indent, mark, number, dot, , words] = found;
    if (!words.trim()) {
      desk.replace(start, at, '');
      return;
    }
    desk.replace(at, at, `\n${indent}${number ? Number(number) + 1 + dot : mark} `);
  }

  // --- The toolbar: one stop of the keyboard, arrows within ---------------------------

  const buttons = [...toolbar.querySelectorAll('button')];
  buttons.forEach((button, at) => {
    button.tabIndex = at ? -1 : 0;
    button.addEventListener('mousedown', event => event.preventDefault()); // the selection stays
    button.addEventListener('click', () => commands[button.dataset.does]());
  });
  toolbar.addEventListener('keydown', event => {
    const at = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  });

  // --- Counters -----------------------------------------------------------------------

  // In Chinese characters: two Latin letters make one.
  const width = text => [...text].reduce((sum, character) => sum + (character > '\u2e7f' || /[“”‘’…—]/.test(character) ? 1 : 0.5), 0);
  for (const [name, advice] of [['title', '30字以内'], ['summary', '70至120字']]) {
    const input = desk.field(name);
    if (!input) continue;
    const counter = document.createElement('span');
    counter.className = 'desk-counter';
    counter.id = `${input.id}_count`;
    input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') || ''} ${counter.id}`.trim());
    const count = () => { counter.textContent = `${Math.ceil(width(input.value))}字 · ${advice}`; };
    input.after(counter);
    input.addEventListener('input', count);
    count();
  }
}
