import { escape, link, type Html } from './html.ts';
import { dateMarkup, headOf, type Layout, type Page } from './layout.ts';

const items = ({ navigation }: Page): Html =>
  navigation.map(({ href, text }) => `<li>${link(href, text)}</li>`).join('\n');

/** A plain site with semantic elements. */
const plain: Layout = (page) => {
  const { head, visible } = dateMarkup(page);
  return `<!doctype html>
<html lang="en">
<head>
${headOf(page, head)}
<style>body{font-family:sans-serif;max-width:60rem;margin:auto}.sr{position:absolute;left:-9999px}</style>
</head>
<body>
<a class="sr" href="#main">Skip to content</a>
<header><a href="/" class="logo">${escape(page.siteName)}</a>
<nav aria-label="Main"><ul>
${items(page)}
</ul></nav></header>
<main id="main">
${visible}
${page.main}
</main>
<footer>
<ul><li><a href="/privacy">Privacy</a></li><li><a href="/terms">Terms of use</a></li></ul>
<p>© ${escape(page.siteName)}. A page of a simulation. All rights reserved.</p>
</footer>
<div role="dialog" aria-label="Cookies" class="cookie-banner"><p>${escape(page.cookies)}</p><button>Accept all</button> <button>Only necessary ones</button></div>
</body>
</html>
`;
};

/** A corporate site of nested boxes, with menus before and a column beside the text. */
const boxes: Layout = (page) => {
  const { head, visible } = dateMarkup(page);
  return `<!DOCTYPE html>
<html lang="en-US" class="no-js">
<head>
${headOf(page, head)}
<link rel="stylesheet" href="/assets/site.css">
<script>document.documentElement.className="js";window.dataLayer=window.dataLayer||[];</script>
</head>
<body class="page">
<div id="cookie-consent" class="consent consent--bottom"><div class="consent__inner">${escape(page.cookies)} <a href="/privacy">Read more</a></div></div>
<div class="wrapper">
<div class="topbar"><div class="topbar__left">Investors · Media · Suppliers</div><div class="topbar__right"><form action="/search"><input name="q" placeholder="Search"></form></div></div>
<div class="masthead"><span class="masthead__name">${escape(page.siteName)}</span>
<ul class="menu">
${items(page)}
</ul></div>
<div class="columns"><div class="column column--main">
<div class="content">
${visible}
${page.main}
</div></div>
<div class="column column--side"><div class="box"><h3>Follow us</h3><p>Subscribe to the newsletter, or use the feed.</p></div>
<div class="box"><h3>Contact</h3><p>Press office, Monday to Friday, nine to five.</p></div></div></div>
<div class="bottom"><div>${escape(page.siteName)} | <a href="/terms">Legal notice</a> | <a href="/privacy">Privacy</a> | This site is simulated.</div></div>
</div>
<script>(function(){var a=1;window.analytics={track:function(){return a}}})();</script>
</body>
</html>
`;
};

/** A site in tables, as made fifteen years ago. */
const tables: Layout = (page) => {
  const { head, visible } = dateMarkup(page);
  const menu = page.navigation.map(({ href, text }) => `<td>${link(href, text)}</td>`).join('');
  return `<html>
<head>
${headOf(page, head)}
</head>
<body bgcolor="#ffffff">
<table width="100%" cellpadding="4"><tr><td><b><font size="5">${escape(page.siteName)}</font></b></td></tr>
<tr><td><table><tr>${menu}</tr></table></td></tr>
<tr><td>
${visible}
${page.main}
</td></tr>
<tr><td><hr><small>${escape(page.cookies)}</small></td></tr>
<tr><td><small>Copyright ${escape(page.siteName)}. Simulated site. <a href="/terms">Terms</a> <a href="/privacy">Privacy</a></small></td></tr>
</table>
</body>
</html>
`;
};

export const firstLayouts: readonly Layout[] = [plain, boxes, tables];
