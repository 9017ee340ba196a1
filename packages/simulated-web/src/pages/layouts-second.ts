import { escape, link, type Html } from './html.ts';
import { dateMarkup, headOf, type Layout, type Page } from './layout.ts';

const links = ({ navigation }: Page, separator: string): Html =>
  navigation.map(({ href, text }) => link(href, text)).join(separator);

/** A shop-like site: bars above and below, and cards. */
const cards: Layout = (page) => {
  const { head, visible } = dateMarkup(page);
  return `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
${headOf(page, head)}
<link rel="preload" href="/fonts/sans.woff2" as="font" crossorigin>
</head>
<body data-theme="light">
<section class="notice" aria-live="polite">Free delivery from 200 dollars · Hotline closed on Sundays</section>
<header class="bar"><strong>${escape(page.siteName)}</strong><div class="bar-links">${links(page, ' ')}</div><button aria-expanded="false">Menu</button></header>
<div class="card card-wide">
${visible}
${page.main}
</div>
<div class="card-row"><div class="card"><b>Newsletter</b><br>Once a month, never more.</div><div class="card"><b>Visit us</b><br>By appointment.</div></div>
<footer class="bar"><span>${escape(page.siteName)}, a site of a simulation</span><span>${link('/terms', 'Legal')} ${link('/privacy', 'Data')}</span></footer>
<aside id="cc" hidden><form><p>${escape(page.cookies)}</p><input type="submit" value="OK"></form></aside>
<script type="module">import("/js/app.js").catch(()=>{});</script>
</body>
</html>
`;
};

/** A magazine: the text first in the source, the menu last. */
const magazine: Layout = (page) => {
  const { head, visible } = dateMarkup(page);
  return `<!doctype html>
<html lang="en-GB">
<head>
${headOf(page, head)}
<style>#page{display:flex;flex-direction:column-reverse}.teaser{color:#666}</style>
</head>
<body>
<div id="page">
<div id="text" role="main">
${page.main}
${visible}
</div>
<div id="head"><h2>${escape(page.siteName)}</h2><p class="teaser">${escape(page.description ?? page.title)}</p>
<div role="navigation">${links(page, ' / ')}</div></div>
</div>
<div id="foot"><p>Read also: our guide to the site, and the letters of our readers.</p><p>${escape(page.cookies)}</p>
<p>${escape(page.siteName)} (simulated). ${link('/terms', 'Imprint')}</p></div>
</body>
</html>
`;
};

/** The output of a page builder: many boxes, attributes that mean nothing. */
const builder: Layout = (page) => {
  const { head, visible } = dateMarkup(page);
  return `<!DOCTYPE html><html lang="en"><head>
${headOf(page, head)}
</head><body class="x-body"><div id="x-root"><div class="x-1 x-row" data-id="a1"><div class="x-2" data-id="a2"><span>${escape(page.siteName)}</span></div><div class="x-2" data-id="a3">${links(page, '</div><div class="x-2">')}</div></div>
<div class="x-3 x-row" data-id="b1"><div class="x-4" data-id="b2">
${visible}
${page.main}
</div></div>
<div class="x-1 x-row" data-id="c1"><div class="x-5">${escape(page.cookies)}</div><div class="x-5"><small>Made with a page builder. Simulated content.</small></div></div></div></body></html>
`;
};

export const secondLayouts: readonly Layout[] = [cards, magazine, builder];
