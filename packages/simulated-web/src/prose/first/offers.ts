import type { KindProse } from '../types.ts';

export const launch: KindProse = {
  headlines: [
    '{company} introduces {product}',
    'Meet {product}, our new {noun}',
    '{shortName} brings {product} to customers everywhere',
    'Announcing {product}: a {noun} built for the way you work',
  ],
  newsHeadlines: [
    '{shortName} unveils {product} in push for new customers',
    '{shortName} enters the ring with {product}',
    'New {noun} from {shortName} goes on sale at {price}',
    '{shortName} rolls out {product}',
  ],
  release: [
    '{company} today introduced {product}, a {noun} that is available now from {price} {unit}.',
    'We are pleased to announce the general availability of {product}, our newest {noun}, at {price} {unit}.',
    'Starting today, customers can buy {product}, a {noun} that {company} developed over the past two years and offers from {price} {unit}.',
    '{product} is here: after a year of trials with early customers, the {noun} is on sale for {price} {unit}.',
    'Today {shortName} opened orders for {product}, a {noun} priced at {price} {unit}.',
  ],
  wire: [
    '{company} on {weekday} launched {product}, a {noun} that starts at {price} {unit}.',
    '{shortName} has begun selling {product}, a long-awaited {noun}, for {price} {unit}.',
    'A new {noun} called {product} went on sale from {shortName} on {weekday}, with prices that begin at {price} {unit}.',
    '{company} unveiled its latest {noun} on {weekday}, betting that {product} will win over customers at {price} {unit}.',
    'After months of hints, {shortName} took the wraps off {product} on {weekday}; the {noun} costs {price} {unit}.',
  ],
  filing: [
    'On {longDate}, {company} (the “Company”) issued a press release announcing the commercial availability of {product}.',
    'The Company commenced commercial sales of its {noun}, {product}, on {longDate}.',
  ],
  details: [
    'Delivery begins within the week, and existing customers keep their current terms.',
    'The team tested it with more than forty organisations before the release.',
    'It comes in three sizes and works with what customers already have.',
    'Early adopters will be shown the details at a series of regional events.',
  ],
};

export const cheaper: KindProse = {
  headlines: [
    'Lower prices for {product}',
    '{shortName} lowers the price of {product}',
    '{product} now costs less',
    'More for less: new pricing for {product}',
  ],
  newsHeadlines: [
    '{shortName} slashes price of {product} by {percent}',
    '{shortName} cuts {product} price as competition bites',
    '{product} gets cheaper: {shortName} drops price to {price}',
    'Price war looms as {shortName} discounts {product}',
  ],
  release: [
    'Effective today, {company} is lowering the price of {product} from {oldPrice} to {price} {unit}.',
    'We have reduced what you pay for {product}: it now costs {price} {unit}, down {percent} from {oldPrice}.',
    '{product} is now {percent} cheaper, at {price} {unit} instead of {oldPrice}.',
    'As our costs have come down, so does your bill: {product} goes from {oldPrice} to {price} {unit} as of today.',
  ],
  wire: [
    '{company} cut the price of {product} by {percent} on {weekday}, to {price} {unit} from {oldPrice}.',
    '{shortName} has slashed the price of {product}, which now sells for {price} {unit} rather than {oldPrice}.',
    'Customers of {shortName} will pay {percent} less for {product} after the company lowered its price to {price} {unit} on {weekday}.',
    'In a move that surprised analysts, {shortName} marked {product} down to {price} {unit}, from {oldPrice}.',
  ],
  filing: [
    'On {longDate}, the Company reduced the list price of {product} from {oldPrice} to {price} {unit}.',
    'Effective {longDate}, list prices for {product} decreased by {percent}.',
  ],
  details: [
    'The new price applies to new and existing contracts alike.',
    'Customers do not need to do anything; the next invoice shows the new price.',
    'The change covers all regions in which it is sold.',
  ],
};

export const dearer: KindProse = {
  headlines: [
    'A change to the price of {product}',
    'Updated pricing for {product}',
    'What our new prices mean for you',
    '{shortName} adjusts price of {product}',
  ],
  newsHeadlines: [
    '{shortName} raises price of {product} by {percent}',
    '{product} gets more expensive as {shortName} lifts prices',
    '{shortName} customers face {percent} price rise',
    'Costs climb for {product} users',
  ],
  release: [
    'From today the price of {product} rises from {oldPrice} to {price} {unit}.',
    '{company} is adjusting the price of {product} to {price} {unit}; it was {oldPrice} until yesterday.',
    'To keep investing in quality, we have increased the price of {product} by {percent}, to {price} {unit}.',
    '{product} will cost {price} {unit} from now on, {percent} more than before.',
  ],
  wire: [
    '{company} raised the price of {product} by {percent} on {weekday}, to {price} {unit}.',
    '{shortName} is charging more for {product}: the price went up to {price} {unit} from {oldPrice} on {weekday}.',
    'Buyers of {product} will have to dig deeper after {shortName} lifted its price from {oldPrice} to {price} {unit}.',
    '{shortName} has put up the price of {product} by {percent}, citing higher costs.',
  ],
  filing: [
    'On {longDate}, the Company increased the list price of {product} from {oldPrice} to {price} {unit}.',
    'Effective {longDate}, list prices for {product} increased by {percent}.',
  ],
  details: [
    'Contracts that have already been signed keep their price until they end.',
    'The company last changed the price more than two years ago.',
    'Support and deliveries stay as they are.',
  ],
};
