import type { KindProse } from '../types.ts';

export const launch: KindProse = {
  headlines: [
    'Say hello to {product}',
    '{product} goes live',
    'Our range grows: {product} joins the family',
    '{company} debuts {product}',
  ],
  newsHeadlines: [
    '{product} hits the market as {shortName} widens its range',
    '{shortName} debuts {product}',
    'First look: {product} by {shortName}',
    '{shortName} fields a new {noun}',
  ],
  release: [
    '{company} has released {product}, a new {noun} costing {price} {unit}.',
    'You asked for a better {noun}; from this morning you can order {product} for {price} {unit}.',
    'Our engineers have put the finishing touches to {product}, and as of now this {noun} ships at {price} {unit}.',
    '{shortName} debuts {product} today, a {noun} that carries a price tag of {price} {unit}.',
  ],
  wire: [
    '{shortName} put a new {noun} on the market on {weekday}: {product} is sold at {price} {unit}.',
    'With {product}, a {noun} at {price} {unit}, {company} has widened its range.',
    '{product}, the {noun} that {shortName} had been working on for a year, became available on {weekday} and costs {price} {unit}.',
    'Orders opened on {weekday} for {product}, a {noun} made by {company} and listed at {price} {unit}.',
  ],
  filing: [
    '{company} released its new {noun}, {product}, for sale to the public on {longDate}.',
    'As of {longDate}, {product} is offered to customers of the registrant at {price} {unit}.',
  ],
  details: [
    'A first batch was gone within hours at a trade fair in the spring.',
    'Shops and partners have had their stock since last week.',
    'Its manual runs to twelve pages, half of the length of the one before.',
  ],
};

export const cheaper: KindProse = {
  headlines: [
    'Good news about the price of {product}',
    '{product}: same quality, smaller bill',
    'We trimmed the price of {product}',
  ],
  newsHeadlines: [
    '{shortName} trims {product} to {price}',
    'Bargain hunters eye {product} after {percent} reduction',
    '{shortName} undercuts market with cheaper {product}',
  ],
  release: [
    'As of today {product} is on offer at {price} {unit}, where {oldPrice} was charged before.',
    '{company} has taken {percent} off the price of {product}, which is now {price} {unit}.',
    'Anyone who orders {product} from now on pays {price} {unit}; yesterday it was {oldPrice}.',
    'We are passing on our savings: {product} drops to {price} {unit}, a reduction of {percent}.',
  ],
  wire: [
    '{shortName} trimmed the price of {product} on {weekday}, by {percent} to {price} {unit}.',
    'A {percent} reduction brings {product} by {company} down to {price} {unit}.',
    '{product} became {percent} cheaper on {weekday}, when {shortName} brought the price down from {oldPrice} to {price}.',
    '{company} now asks for {price} {unit} for {product}, having asked for {oldPrice} until this week.',
  ],
  filing: [
    'The registrant lowered the list price of {product} to {price} {unit} on {longDate}; it had been {oldPrice}.',
  ],
  details: [
    'Bills that are already out remain as they are.',
    'Nobody has to sign anything new.',
    'The reduction has no end date.',
  ],
};

export const dearer: KindProse = {
  headlines: ['About the price of {product}', '{product}: what changes on your bill', 'Notice of new rates'],
  newsHeadlines: [
    '{shortName} asks {percent} more for {product}',
    '{product} to set buyers back {price}',
    '{shortName} passes on costs, {product} dearer by {percent}',
  ],
  release: [
    'The price of {product} goes up to {price} {unit} today, after {oldPrice} so far.',
    '{company} has to charge {percent} more for {product}, that is {price} {unit}.',
    'Our costs have grown, and so {product} is now {price} {unit} instead of {oldPrice}.',
    'We do not like to write this: {product} becomes {percent} dearer and costs {price} {unit} from today.',
  ],
  wire: [
    '{shortName} bumped {product} up to {price} {unit} on {weekday}, an increase of {percent}.',
    'An increase of {percent} takes {product} by {company} to {price} {unit}.',
    '{product} became dearer on {weekday}: {shortName} wants {price} {unit} for it, and wanted {oldPrice} before.',
    '{company} is passing its costs on to buyers of {product}, who now pay {price} in place of {oldPrice}.',
  ],
  filing: [
    'The registrant increased the list price of {product} to {price} {unit} on {longDate}; it had been {oldPrice}.',
  ],
  details: [
    'Running agreements are not touched before they end.',
    'Hardship cases can get in touch with the service team.',
    'Wages and freight were named as the reasons.',
  ],
};
