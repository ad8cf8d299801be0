// Small comforts. Everything that is read works without them.

// The reader's font size, remembered on this device; the control itself is HTML and CSS.
const sizes = document.querySelectorAll('.text-size input');
if (sizes.length) {
  try {
    const kept = localStorage.getItem('text-size');
    for (const size of sizes) {
      if (size.id === kept) size.checked = true;
      size.addEventListener('change', () => localStorage.setItem('text-size', size.id));
    }
  } catch { /* storage is off: the control works for this page */ }
}

// Results while typing: the first few of what the search page would show, as links.
for (const input of document.querySelectorAll('input[data-hints]')) {
  const list = document.createElement('ul');
  list.className = 'search-hints';
  list.setAttribute('aria-label', '可能的结果');
  list.hidden = true;
  input.form.append(list);
  let waiting, asked;
  const show = hints => {
    list.replaceChildren(...hints.map(hint => {
      const item = document.createElement('li');
      const link = item.appendChild(document.createElement('a'));
      link.href = hint.url;
      link.append(Object.assign(document.createElement('small'), { textContent: hint.kind }), hint.title);
      return item;
    }));
    list.hidden = !hints.length;
  };
  const ask = async () => {
    const question = input.value.trim();
    asked = question;
    if (question.length < 2) return show([]);
    try {
      const answer = await fetch(`${input.dataset.hints}?q=${encodeURIComponent(question)}`);
      const { hints } = answer.ok ? await answer.json() : { hints: [] };
      if (asked === question) show(hints);
    } catch { show([]); }
  };
  input.addEventListener('input', event => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 200);
  });
  input.addEventListener('compositionend', () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); });
  input.form.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !list.hidden) { list.hidden = true; input.focus(); return; }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [input, ...list.querySelectorAll('a')];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next && !list.hidden) { event.preventDefault(); next.focus(); }
  });
  input.form.addEventListener('focusout', event => {
    if (!input.form.contains(event.relatedTarget)) list.hidden = true;
  });
}
