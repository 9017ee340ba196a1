/**
 * The page's script, as plain browser JavaScript. It sorts and filters the table and the findings, opens the contract
 * that a link points to, and prints all contracts if asked. The page is complete without it.
 */
export const SCRIPT = `'use strict';
document.documentElement.classList.add('js');
const $ = (selector) => document.querySelector(selector);
const table = $('table.contracts');
const contracts = [...document.querySelectorAll('details.contract')];

if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({
    row, section: document.getElementById(row.dataset.for), text: row.textContent.toLowerCase(),
  }));
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const value = ({ row }, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener('click', () => {
      const first = header.matches('.num, .first-high') ? 'descending' : 'ascending';
      const other = first === 'ascending' ? 'descending' : 'ascending';
      const order = header.getAttribute('aria-sort') === first ? other : first;
      headers.forEach((one) => one.removeAttribute('aria-sort'));
      header.setAttribute('aria-sort', order);
      const sign = order === 'ascending' ? 1 : -1;
      rows.sort((a, b) => {
        const [left, right] = [value(a, column), value(b, column)];
        if (left === '' || right === '') return (left === '') - (right === '');
        return sign * collator.compare(left, right);
      });
      body.append(...rows.map(({ row }) => row));
    });
  });

  const find = $('#find');
  const severity = $('#severity');
  const fits = { '': () => true, high: (worst) => worst === 'high', medium: (worst) => worst === 'high' || worst === 'medium', none: (worst) => worst === 'none' };
  const filter = () => {
    const words = find.value.toLowerCase().split(/\\s+/);
    let shown = 0;
    for (const entry of rows) {
      const hit = words.every((word) => entry.text.includes(word)) && fits[severity.value](entry.row.dataset.worst);
      entry.row.hidden = !hit;
      if (entry.section) entry.section.hidden = !hit;
      shown += hit ? 1 : 0;
    }
    $('#shown').value = shown === rows.length ? '' : shown + ' of ' + rows.length;
  };
  find.addEventListener('input', filter);
  severity.addEventListener('change', filter);
  find.form.addEventListener('submit', (event) => event.preventDefault());
  // A browser may keep the typed text when the page is reloaded.
  filter();
}

const openTarget = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target || target.tagName !== 'DETAILS') return;
  target.hidden = false;
  target.open = true;
  target.scrollIntoView();
  target.querySelector('summary').focus({ preventScroll: true });
};
addEventListener('hashchange', openTarget);
openTarget();

const fold = $('#fold');
fold?.addEventListener('click', () => {
  const open = fold.textContent === 'Open all';
  for (const contract of contracts) contract.open = open;
  fold.textContent = open ? 'Close all' : 'Open all';
});

// Printing shows the contracts that are open, and all reasons for failures.
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('.failures details:not([open])')];
  for (const one of folded) one.open = true;
});
addEventListener('afterprint', () => {
  for (const one of folded) one.open = false;
});
$('#print-all')?.addEventListener('click', () => {
  const closed = contracts.filter((contract) => !contract.open);
  for (const contract of closed) contract.open = true;
  addEventListener('afterprint', () => {
    for (const contract of closed) contract.open = false;
  }, { once: true });
  print();
});
`;
