// The desk around the article's form: what its scripts share. Without them the form works plainly.

const desk = (() => {
  const pane = document.querySelector('.desk-pane');
  const body = document.querySelector('textarea#id_body');
  if (!pane || !body) return null;
  const form = body.form;
  const FIELDS = ['desk-article', 'desk-key', 'desk-basis', 'desk-renewed', 'title', 'category', 'tags',
    'summary', 'body', 'origin', 'source_name', 'source_url', 'reviewed_on'];

  const field = name => form.elements[name];

  // What the server is asked about: the form's words, no files.
  function values() {
    const chosen = new FormData();
    for (const name of FIELDS) if (field(name)) chosen.set(name, field(name).value);
    for (const [name, value] of new FormData(form)) {
      if (/^bylines-\d+-(author|position|DELETE)$/.test(name)) chosen.set(name, value);
    }
    return chosen;
  }

  async function send(url, fields, options = {}) {
    const headers = {
      Accept: 'application/json', 'X-CSRFToken': field('csrfmiddlewaretoken').value,
    };
    let response;
    try {
      response = await fetch(url, { method: 'POST', body: fields, headers, ...options });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Error('连不上服务器');
    }
    if (response.redirected || response.status === 403) {
      throw new Error('登录已过期或没有权限，请在新窗口登录后再试');
    }
    const isAnswer = response.headers.get('Content-Type')?.startsWith('application/json');
    if (!isAnswer) throw new Error(response.status === 413 || response.status === 400 ? '内容太大' : '服务器出错了');
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error || '服务器出错了');
    return answer;
  }

  // Put text in place of what stands from start to end; one step to undo. `select` counts from start.
  function replace(start, end, text, select = [text.length, text.length]) {
    body.focus();
    body.setSelectionRange(start, end);
    const command = text ? 'insertText' : 'delete';
    if ((text || start !== end) && !document.execCommand(command, false, text)) {
      body.setRangeText(text, start, end, 'end');
      body.dispatchEvent(new Event('input', { bubbles: true }));
    }
    body.setSelectionRange(start + select[0], start + select[1]);
  }

  // Put a block of its own, blank lines around it, in place of the selection.
  function insertBlock(text, select) {
    const start = body.selectionStart, end = body.selectionEnd;
    const before = body.value.slice(0, start), after = body.value.slice(end);
    const above = !before.trim() ? '' : before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
    const below = !after.trim() ? '\n' : after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n';
    const chosen = select ? select.map(at => at + above.length) : undefined;
    replace(start, end, above + text + below, chosen);
  }

  // Show a place of the text in the middle of the window.
  function showPlace(element, start, end) {
    element.focus({ preventScroll: true });
    element.setSelectionRange(start, end);
    if (element !== body) {
      element.scrollIntoView({ block: 'center' });
      return;
    }
    const style = getComputedStyle(body);
    const mirror = document.createElement('div');
    for (const name of ['font', 'lineHeight', 'letterSpacing', 'padding', 'border', 'boxSizing', 'textAutospace', 'lineBreak']) {
      mirror.style[name] = style[name];
    }
    Object.assign(mirror.style, {
      position: 'absolute', visibility: 'hidden', whiteSpace: 'pre-wrap', overflowWrap: 'break-word', width: `${body.offsetWidth}px`,
    });
    mirror.textContent = body.value.slice(0, start);
    const mark = mirror.appendChild(document.createElement('span'));
    mark.textContent = body.value.slice(start, end) || ' ';
    document.body.append(mirror);
    const top = mark.offsetTop;
    mirror.remove();
    body.scrollTop = top - body.clientHeight / 2;
    const y = body.getBoundingClientRect().top + window.scrollY + top - body.scrollTop;
    window.scrollTo({ top: y - window.innerHeight / 3 });
  }

  return { pane, body, form, field, values, send, replace, insertBlock, showPlace };
})();
