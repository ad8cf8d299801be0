// Keep what is typed and not saved: on the server, and on this machine while that fails.

if (desk) {
  const { form, pane } = desk;
  const line = document.querySelector('.desk-kept-at');
  const PAUSE = 2000; // ms after the last key
  const article = desk.field('desk-article').value;
  const name = `desk:${article || 'new'}:${article ? '' : desk.field('desk-key').value}`;
  const KEPT = ['title', 'tags', 'summary', 'body', 'source_name', 'source_url'];
  let timer, isDirty = false, isLeaving = false;

  const storage = action => {
    try { return action(localStorage); } catch { return null; } // full, or off
  };

  function keepHere() {
    const fields = Object.fromEntries(KEPT.map(each => [each, desk.field(each)?.value ?? '']));
    return storage(store => {
      store.setItem(name, JSON.stringify({ at: Date.now(), fields }));
      return true;
    });
  }

  async function keep() {
    clearTimeout(timer);
    if (!isDirty || isLeaving) return;
    isDirty = false;
    try {
      const { kept_at: at } = await desk.send(pane.dataset.keep, desk.values());
      storage(store => store.removeItem(name));
      line.textContent = at ? `已暂存 ${at}` : '';
      line.classList.remove('is-problem');
    } catch (error) {
      isDirty = true;
      const where = keepHere() ? '已存在本机' : '请尽快保存';
      line.textContent = `没有暂存到服务器（${error.message}），${where}`;
      line.classList.add('is-problem');
      timer = setTimeout(keep, 15 * PAUSE);
    }
  }

  function changed() {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  window.django?.jQuery(form).on('change', 'select', changed); // Select2 tells nobody else
  form.addEventListener('submit', () => {
    isLeaving = true;
    if (isDirty) keepHere();
    clearTimeout(timer);
  });

  // A tab that is closed between two keys: nothing can be asked of the server any more.
  document.addEventListener('visibilitychange', () => { if (document.hidden) keep(); });
  window.addEventListener('pagehide', () => { if (isDirty && !isLeaving) keepHere(); });

  // --- What this machine kept -------------------------------------------------------------

  // Words that lie here and not in the form; a saved article's own words are none.
  function offer(key) {
    const kept = JSON.parse(storage(store => store.getItem(key)) || 'null');
    const differs = kept && KEPT.some(each => desk.field(each) && (kept.fields[each] ?? '') !== desk.field(each).value);
    const isEmpty = !kept || !KEPT.some(each => kept.fields[each]?.trim());
    if (!differs || isEmpty) {
      storage(store => store.removeItem(key));
      return;
    }
    const notice = document.createElement('div');
    notice.className = 'desk-kept';
    notice.setAttribute('role', 'status');
    const words = document.createElement('p');
    const time = new Date(kept.at).toLocaleString('zh-CN', { month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
    words.textContent = `这台电脑上有${time}写的${kept.fields.title ? `“${kept.fields.title}”` : '内容'}，没有存到服务器（正文${kept.fields.body.length}字）。`;
    const button = (label, action) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.textContent = label;
      made.addEventListener('click', () => {
        action();
        storage(store => store.removeItem(key));
        notice.remove();
      });
      return made;
    };
    notice.append(words, button('恢复', () => {
      for (const each of KEPT) if (desk.field(each)) desk.field(each).value = kept.fields[each] ?? '';
      desk.body.dispatchEvent(new Event('input', { bubbles: true }));
    }), button('丢弃', () => {}));
    form.before(notice);
  }

  const here = article
    ? [name]
    : storage(store => Object.keys(store).filter(key => key.startsWith('desk:new:'))) || [];
  for (const key of here) offer(key);
}
