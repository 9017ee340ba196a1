import { frame } from './frame.ts';
import { AMOUNT, EARNINGS, PERCENT, PRICE, PRICE_MOVES, PRICE_WORDS, QUARTER, ROLE, verbs } from './words.ts';

const SHOW = String.raw`\b${verbs(
  'launch, unveil, introduce, debut, release, roll out, ship!, present, premiere, take the wraps off, lift the curtain on, open up, add, publish',
)}\b`;
const NOVELTY = String.raw`\b(?:new|newest|latest|first|second-generation|next-generation|version|model|edition|today|now|starting)\b`;
/** A name, not at the beginning. */
const PROPER = /(?<=[\p{L},] )\p{Lu}/u;
/** Money that moves between companies, and people who move. */
const NO_PRODUCT = [
  ROLE,
  String.raw`\b(?:senior notes|offering|bonds|acqui\w+|merg\w+|lawsuit|complaint|investigation|workforce|statement)\b`,
];
const OLD = String.raw`\b(?:was|were|used to|before|until|previously|formerly|earlier|instead of|rather than|in place of|no longer|down from|up from|old|after|so far|had been|compared with|replac\w+|than|once)\b|\bfrom ${PRICE}|\bto ${PRICE}`;
const NO_PRICE = [
  String.raw`\b(?:shares?|stock|interest rates?|growth|target|forecast|estimates?|dividend|tax|damages|wages?|salar(?:y|ies))\b`,
  `${QUARTER}.*${EARNINGS}|${EARNINGS}.*${QUARTER}`,
  AMOUNT,
];
const FIGURE = `${PERCENT}|${PRICE}`;

export const OFFERS = [
  frame('price-change', 3, [`${PRICE}.*${PRICE}`, OLD], NO_PRICE),
  frame('price-change', 3, [PERCENT, PRICE_WORDS, PRICE_MOVES], NO_PRICE),
  frame('price-change', 3, [FIGURE, String.raw`\b(?:cheaper|dearer|(?:more|less) expensive)\b`], NO_PRICE),
  frame(
    'price-change',
    3,
    [
      String.raw`\b(?:costs?|pays?|paying|charg(?:e|es|ing|ed)|for|asks?|ask(?:s|ing) for)\b.{0,50}(?:${FIGURE})(?: \w+)? (?:less|more)\b`,
    ],
    NO_PRICE,
  ),
  frame(
    'price-change',
    3,
    [
      String.raw`\b(?:${verbs('knock, take, lop!, shave, slash, trim!, chop!, strip!')}|cut|cuts|cutting|took|taken)\b.{0,40}(?:${FIGURE}).{0,10}\boff\b`,
    ],
    NO_PRICE,
  ),
  frame('price-change', 3, [String.raw`\bhalf (?:the|its|their) (?:price|cost)\b`], NO_PRICE),
  frame('price-change', 2, [PRICE, PRICE_MOVES, PRICE_WORDS], NO_PRICE),
  frame('price-change', 1, [PRICE_MOVES, PRICE_WORDS], NO_PRICE),
  frame('price-change', 1, [`${PRICE}.*${PRICE}`], NO_PRICE),

  frame(
    'launch',
    3,
    [
      String.raw`\bcan (?:now )?be (?:bought|ordered|downloaded|used|booked|tried)\b|\b(?:can|may) (?:now )?start using\b|\bretails (?:for|at)\b`,
    ],
    [...NO_PRODUCT, OLD],
  ),
  frame(
    'launch',
    3,
    [
      String.raw`\b(?:beg(?:ins?|an)|start(?:s|ed)?)\b.{0,20}\b(?:commercial |customer |first )?(?:shipments?|deliveries|delivery|shipping|sales) of\b|\b(?:hand(?:s|ed) over|deliver(?:s|ed)) the first\b`,
    ],
    NO_PRODUCT,
  ),
  frame('launch', 3, [String.raw`\bgeneral(?:ly)? availab\w+|\bcommercial (?:release|launch)\b`], NO_PRODUCT),
  frame(
    'launch',
    3,
    [
      String.raw`\b(?:now|immediately|commercially|becom(?:e|es|ing)) available\b|\bavailable (?:now|today|immediately|from|as of|starting)\b`,
    ],
    NO_PRODUCT,
  ),
  frame(
    'launch',
    3,
    [
      String.raw`\b(?:on sale|out now|up for sale|in stores|in shops|to market|(?:on|to|onto) the market|on (?:store |shop )?shelves|hits? (?:the )?(?:shelves|stores|shops|market))\b`,
    ],
    [...NO_PRODUCT, OLD],
  ),
  frame(
    'launch',
    3,
    [
      SHOW,
      String.raw`${NOVELTY}|${PRICE}|\b(?:product|service|platform|tool|software|app|device|offer|range|line-?up|portfolio)\b`,
    ],
    [...NO_PRODUCT, AMOUNT],
  ),
  frame(
    'launch',
    3,
    [
      String.raw`\b(?:can|may) (?:now |also )?(?:buy|order|pre-?order|download|use|sign up|get|try|book|choose|have|purchase)\b`,
      String.raw`\b(?:new|newest|latest|today|now|launched)\b|\bfrom (?:today|this)\b|\bas of\b|${PRICE}`,
    ],
    NO_PRODUCT,
  ),
  frame(
    'launch',
    3,
    [
      String.raw`\b(?:tak(?:e|es|ing)|took|accept(?:s|ed|ing)?|open(?:s|ed|ing)?|start(?:s|ed)?)\b.{0,20}\b(?:pre-?)?orders?\b`,
    ],
    NO_PRODUCT,
  ),
  frame(
    'launch',
    3,
    [
      String.raw`\b(?:say hello to|meet the|took the wraps off|lifted the (?:curtain|veil) on|first units|made its debut)\b`,
    ],
    NO_PRODUCT,
  ),
  frame(
    'launch',
    3,
    [String.raw`\b(?:is|are|has|have) (?:finally |now |just )?(?:out|here|arrived|landed)\b`, PRICE],
    NO_PRODUCT,
  ),
  frame(
    'launch',
    2,
    [String.raw`\b(?:is|are|has|have) (?:finally |now |just )?(?:out|here|arrived|landed)\b`],
    NO_PRODUCT,
  ),
  frame('launch', 2, [SHOW, PROPER], [...NO_PRODUCT, AMOUNT]),
  frame(
    'launch',
    2,
    [
      NOVELTY,
      PRICE,
      String.raw`\b(?:sell|sells|selling|priced|costs?|starts?|starting|bring|brings|bringing|made|mak(?:e|es|ing)|offer(?:s|ed|ing)?|from|for|at)\b`,
    ],
    [...NO_PRODUCT, OLD],
  ),
  frame(
    'launch',
    2,
    [String.raw`\b(?:available|for sale|pharmacies|dealers|retailers|customers can)\b`, NOVELTY],
    NO_PRODUCT,
  ),
  frame('launch', 1, [PRICE], [...NO_PRODUCT, OLD]),
  frame('launch', 1, [String.raw`\b(?:available|announc\w+|customers|yours)\b`], NO_PRODUCT),
];
