// Preview and hints, made by the server from the form as it stands.

if (desk) {
  const { pane, body, form } = desk;
  const frame = pane.querySelector('iframe');
  const screen = pane.querySelector('.desk-screen');
  const hints = pane.querySelector('#desk-hints');
  const problem = pane.querySelector('.desk-problem');
  const PAUSE = 400, LONGEST_WAIT = 3000; // ms after the last key, and while keys go on

  pane.hidden = false;

  // --- Asking -------------------------------------------------------------------------

  let timer, asking, lastLook = 0;

  async function look() {
    clearTimeout(timer);
    asking?.abort();
    const own = asking = new AbortController();
    lastLook = Date.now();
    pane.classList.add('is-asking');
    try {
      const answer = await desk.send(pane.dataset.look, desk.values(), { signal: own.signal });
      if (own === asking) show(answer);
    } catch (error) {
      if (error.name === 'AbortError') return;
      say(`预览没有更新：${error.message}。`);
    }
    if (own === asking) pane.classList.remove('is-asking');
  }

  function lookSoon() {
    clearTimeout(timer);
    const rest = Math.max(0, lastLook + LONGEST_WAIT - Date.now());
    timer = setTimeout(look, Math.min(PAUSE, rest));
  }

  const say = text => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  function show(answer) {
    say(answer.error ? `预览停在上一次：${answer.error}。` : '');
    if (answer.preview) showPreview(answer.preview);
    hints.innerHTML = answer.hints; // made and escaped by the server
    pane.querySelector('#desk-tab-hints .desk-count').textContent = answer.count || '';
    pane.querySelector('#desk-tab-hints').classList.toggle('has-must', Boolean(hints.querySelector('.must')));
    document.querySelector('.desk-length').textContent = `正文${answer.length.toLocaleString('zh-CN')}字`;
    pane.dispatchEvent(new CustomEvent('looked', { detail: answer }));
  }

  form.addEventListener('input', event => {
    if (/^(title|summary|body|tags|source_\w+)$/.test(event.target.name)) lookSoon();
  });
  form.addEventListener('change', event => {
    if (/^(category|origin|reviewed_on)$/.test(event.target.name)) lookSoon();
  });
  desk.lookSoon = lookSoon;
  look();

  // --- The preview ----------------------------------------------------------------------

  let isShown = false;

  // A page of its own, without scripts; later ones change its body only, so that nothing jumps.
  function showPreview(html) {
    const page = frame.contentDocument;
    if (!isShown || !page?.querySelector('.prose')) {
      isShown = true;
      frame.srcdoc = html;
      return;
    }
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    const top = page.scrollingElement.scrollTop;
    page.title = fresh.title;
    page.body.replaceChildren(...fresh.body.childNodes);
    page.scrollingElement.scrollTop = top;
    follow();
  }

  // The link of a preview leads to a window of its own: the frame stays the preview.
  frame.addEventListener('load', () => {
    frame.contentDocument?.addEventListener('click', event => {
      const link = event.target.closest('a[href]');
      if (!link || link.getAttribute('href').startsWith('#')) return;
      event.preventDefault();
      window.open(link.href, '_blank', 'noopener');
    });
    follow();
  });

  // Keep in sight what is being written: the block that holds the line of the cursor.
  function follow() {
    if (document.activeElement !== body) return;
    const at = body.selectionStart;
    const line = body.value.slice(body.value.lastIndexOf('\n', at - 1) + 1).split('\n', 1)[0];
    const words = line.replace(/\]\([^)]*\)|^[\s#>\-*+\d.)|]+|[*_`[\]!|]/g, '').trim().slice(0, 16);
    const page = frame.contentDocument;
    if (!words || !page) return;
    for (const block of page.querySelectorAll('.prose :is(p, li, h2, h3, h4, td, th, figcaption)')) {
      if (!block.textContent.includes(words)) continue;
      const box = block.getBoundingClientRect();
      const height = page.documentElement.clientHeight;
      if (box.top < 0 || box.bottom > height) {
        page.scrollingElement.scrollTop += box.top - height / 3;
      }
      return;
    }
  }

  // --- The width of the screen that is previewed ------------------------------------------

  const widths = [...pane.querySelectorAll('[data-width]')];

  function fit() {
    const width = Number(widths.find(button => button.getAttribute('aria-pressed') === 'true').dataset.width);
    const room = screen.clientWidth, height = screen.clientHeight;
    if (!room || !height) return;
    const scale = Math.min(1, room / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${height / scale}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : '';
    frame.style.marginInlineStart = `${Math.max(0, (room - width) / 2)}px`;
  }

  for (const button of widths) {
    button.addEventListener('click', () => {
      for (const other of widths) other.setAttribute('aria-pressed', String(other === button));
      try { localStorage.setItem('desk-width', button.dataset.width); } catch { /* off */ }
      fit();
    });
  }
  try {
    const kept = localStorage.getItem('desk-width');
    if (widths.some(button => button.dataset.width === kept)) {
      for (const button of widths) button.setAttribute('aria-pressed', String(button.dataset.width === kept));
    }
  } catch { /* storage is off */ }
  new ResizeObserver(fit).observe(screen);

  // --- Tabs -----------------------------------------------------------------------------

  const tabs = [...pane.querySelectorAll('[role="tab"]')];

  function open(tab) {
    for (const other of tabs) {
      const isOpen = other === tab;
      other.setAttribute('aria-selected', String(isOpen));
      other.tabIndex = isOpen ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')).hidden = !isOpen;
    }
    pane.querySelector('.desk-widths').hidden = tab.id !== 'desk-tab-preview';
    fit();
  }
  for (const tab of tabs) tab.addEventListener('click', () => open(tab));
  pane.querySelector('[role="tablist"]').addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });

  // --- From a hint to its place -----------------------------------------------------------

  const visited = new WeakMap();

  function jump(button) {
    const places = button.dataset.places.split(' ');
    const at = visited.get(button) ?? -1;
    const next = (at + 1) % places.length;
    visited.set(button, next);
    const [, name, start, end] = /^(\w+):(\d+)-(\d+)$/.exec(places[next]) || [];
    const input = name && desk.field(name);
    if (input?.setSelectionRange) desk.showPlace(input, Number(start), Number(end));
  }
  desk.jump = jump;
  desk.openTab = id => open(document.getElementById(id));

  pane.addEventListener('click', event => {
    const button = event.target.closest('[data-places]');
    if (button) jump(button);
  });

  let current = -1;
  document.addEventListener('keydown', event => {
    if (event.key !== 'F8' || event.ctrlKey || event.altKey) return;
    const all = [...hints.querySelectorAll('[data-places]')];
    if (!all.length) return;
    event.preventDefault();
    open(document.querySelector('#desk-tab-hints'));
    current = (current + (event.shiftKey ? all.length - 1 : 1)) % all.length;
    for (const button of all) button.classList.toggle('is-current', button === all[current]);
    all[current].scrollIntoView({ block: 'nearest' });
    jump(all[current]);
  });
}
