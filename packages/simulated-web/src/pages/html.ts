const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (each) => ENTITIES[each] ?? each);

/** A part of a page that is markup already. */
export type Html = string;

export const link = (href: string, text: string): Html => `<a href="${escape(href)}">${escape(text)}</a>`;

/** JSON in a script element, in which `<` would end it. */
export const jsonLd = (value: unknown): Html =>
  `<script type="application/ld+json">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
