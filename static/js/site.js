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
