// Citations beside the text: corrections by one click, each undone by Ctrl+Z; what one checked.

if (desk) {
  const { pane, body } = desk;
  const panel = pane.querySelector('#desk-citations');
  const tab = pane.querySelector('#desk-tab-citations');
  const done = pane.querySelector('.desk-done');

  function say(text) {
    done.textContent = text;
    done.hidden = !text;
  }

  pane.addEventListener('looked', ({ detail: answer }) => {
    if (answer.cited === null) return; // what cannot be rendered keeps its last list
    const opened = [...panel.querySelectorAll('details[open] > summary')].map(each => each.textContent);
    const top = panel.scrollTop;
    panel.innerHTML = answer.cited; // made and escaped by the server
    for (const summary of panel.querySelectorAll('summary')) {
      if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    }
    panel.scrollTop = top;
    tab.querySelector('.desk-count').textContent = answer.wanting || '';
    tab.classList.toggle('has-must', Boolean(answer.wanting));
  });

  // The edits as one, from the first character changed to the last: one step to undo.
  function correct(button) {
    const edits = JSON.parse(button.dataset.edits);
    const isStale = edits.some(({ start, end, was }) => body.value.slice(start, end) !== was);
    if (isStale) {
      say('文字刚有改动，请稍等再点。');
      desk.lookSoon();
      return;
    }
    const from = edits[0].start, to = edits.at(-1).end;
    let text = '', at = from;
    for (const edit of edits) {
      text += body.value.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    renew(JSON.parse(button.dataset.renewed));
    desk.replace(from, to, text, [0, text.length]);
    desk.showPlace(body, from, from + text.length);
    say(`${button.textContent}。按Ctrl+Z可以撤销。`);
    desk.lookSoon();
  }

  // What the form tells on saving: these numbers state the law of today.
  function renew(places) {
    const field = desk.field('desk-renewed');
    const known = field.value ? JSON.parse(field.value) : [];
    const all = new Map([...known, ...places].map(place => [place.join('\n'), place]));
    field.value = JSON.stringify([...all.values()]);
  }

  async function check(button) {
    button.disabled = true;
    const fields = desk.values();
    fields.set('citation', button.dataset.check);
    try {
      await desk.send(pane.dataset.check, fields);
      say('已记下：由您核对。');
      panel.focus();
    } catch (error) {
      button.disabled = false;
      say(`没有记下：${error.message}。`);
    }
    desk.lookSoon();
  }

  panel.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (button?.dataset.edits) correct(button);
    else if (button?.dataset.check) check(button);
  });
}
