import type { FailedRow } from '../schema.ts';
import { html, type Html } from './markup.ts';
import { counted, failureName } from './words.ts';

/** What could not be analysed, gathered by reason, the most frequent first. */
export function failureSection(rows: readonly FailedRow[]): Html {
  if (rows.length === 0) return html``;
  const groups = Map.groupBy(rows, ({ reasonCode }) => reasonCode);
  const sorted = [...groups].toSorted(([, a], [, b]) => b.length - a.length);
  return html`<section aria-labelledby="failures">
    <div class="bar">
      <h2 id="failures">Not analysed</h2>
      <p>${counted(rows.length, 'document')}, what is wrong with each, and what to do</p>
    </div>
    <div class="scroll">
      <table class="failures">
        <thead>
          <tr>
            <th scope="col">Why</th>
            <th scope="col">Document</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        ${sorted.map(
          ([code, group]) =>
            html`<tbody>
              ${group.map((row, index) => failureRow(row, index === 0 ? { code, rows: group.length } : null))}
            </tbody>`,
        )}
      </table>
    </div>
  </section>`;
}

function failureRow(row: FailedRow, first: { readonly code: string; readonly rows: number } | null): Html {
  const heading =
    first &&
    html`<th scope="rowgroup" rowspan="${first.rows}">
      ${failureName(first.code)}<small>${first.rows > 1 && counted(first.rows, 'document')}</small>
    </th>`;
  return html`<tr>
    ${heading}
    <td class="file">${row.file}</td>
    <td>${row.reason}</td>
  </tr>`;
}
