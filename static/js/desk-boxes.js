// Name the boxes that Select2 makes of a select, for those who hear the page.

{
  const $ = window.django.jQuery;

  function name(select) {
    const box = select.nextElementSibling?.querySelector('.select2-selection');
    const shown = box?.querySelector('.select2-selection__rendered');
    const words = select.labels?.[0]?.textContent || select.getAttribute('aria-label');
    if (!shown || !words || box.querySelector('.select2-name')) return;
    const label = document.createElement('span');
    label.className = 'select2-name visually-hidden';
    label.id = `${shown.id}-name`;
    label.textContent = words.replace(/[:：]\s*$/, '').trim();
    box.append(label);
    shown.removeAttribute('role');
    shown.removeAttribute('aria-readonly');
    box.setAttribute('aria-labelledby', `${label.id} ${shown.id}`);
    $(select).on('select2:open', () => {
      document.querySelector('.select2-search__field')?.setAttribute('aria-label', `查找${label.textContent}`);
    });
  }

  const nameAll = place => place.querySelectorAll('select.admin-autocomplete').forEach(name);
  $(() => nameAll(document)); // after Django's own, which makes the boxes
  document.addEventListener('formset:added', event => nameAll(event.target));
}
