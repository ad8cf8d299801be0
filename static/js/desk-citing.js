// Find a provision and put its citation into the text, with or without the official words.

if (desk) {
  const { body, pane } = desk;
  const dialog = document.querySelector('#desk-picker');
  const query = dialog.querySelector('#desk-query');
  const list = dialog.querySelector('#desk-found');
  const said = dialog.querySelector('.desk-said');
  const withWords = dialog.querySelector('#desk-with-words');
  let found = [], chosen = -1, place = [0, 0], timer, asking;

  desk.pick = () => {
    place = [body.selectionStart, body.selectionEnd];
    const words = body.value.slice(...place).trim();
    if (words && words.length <= 40 && !words.includes('\n')) query.value = words;
    dialog.returnValue = '';
    dialog.showModal();
    query.focus();
    query.select();
    if (query.value) search();
  };

  query.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });

  async function search() {
    asking?.abort();
    const own = asking = new AbortController();
    if (!query.value.trim()) return show([]);
    try {
      const address = `${pane.dataset.provisions}?q=${encodeURIComponent(query.value)}`;
      const response = await fetch(address, { signal: own.signal, headers: { Accept: 'application/json' } });
      if (!response.ok || response.redirected) throw new Error();
      show((await response.json()).results);
    } catch (error) {
      if (error.name !== 'AbortError') said.textContent = '没有查到：连不上服务器，或者登录已过期。';
    }
  }

  function show(results) {
    found = results;
    list.replaceChildren(...results.map((result, at) => {
      const option = document.createElement('li');
      option.id = `desk-found-${at}`;
      option.setAttribute('role', 'option');
      const name = document.createElement('b');
      name.textContent = result.citation;
      const standing = document.createElement('small');
      standing.textContent = result.standing;
      const words = document.createElement('p');
      words.textContent = result.lines.join(' ');
      option.append(name, ' ', standing, words);
      option.addEventListener('click', () => choose(at));
      option.addEventListener('dblclick', () => dialog.close('insert'));
      return option;
    }));
    query.setAttribute('aria-expanded', String(results.length > 0));
    said.textContent = results.length ? `找到${results.length}条，上下键选择，回车插入` : query.value.trim() ? '没有找到。写法例如：民法典1032，或者条文里的几个字。' : '';
    choose(results.length ? 0 : -1);
  }

  function choose(at) {
    chosen = at;
    [...list.children].forEach((option, each) => option.setAttribute('aria-selected', String(each === at)));
    if (at < 0) {
      query.removeAttribute('aria-activedescendant');
      return;
    }
    query.setAttribute('aria-activedescendant', list.children[at].id);
    list.children[at].scrollIntoView({ block: 'nearest' });
  }

  query.addEventListener('keydown', event => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      choose((chosen + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (chosen >= 0) dialog.close('insert');
    }
  });

  dialog.addEventListener('close', () => {
    const result = dialog.returnValue === 'insert' && found[chosen];
    if (!result) {
      body.focus();
      body.setSelectionRange(...place);
      return;
    }
    body.setSelectionRange(...place);
    if (!withWords.checked || !result.lines.length) {
      desk.replace(...place, result.citation);
      return;
    }
    const before = body.value.slice(0, place[0]);
    const isInLine = before && !before.endsWith('\n');
    const quotation = result.lines.map(line => `> ${line}`).join('\n>\n');
    if (isInLine) desk.replace(...place, `${result.citation}规定：\n\n${quotation}\n\n`);
    else desk.insertBlock(`${result.citation}规定：\n\n${quotation}`);
  });
}
