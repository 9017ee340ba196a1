import { frame } from './frame.ts';
import { verbs } from './words.ts';

const SITE = String.raw`\b(?:plants?|factor(?:y|ies)|offices?|stores?|shops|facilit(?:y|ies)|data cent(?:er|re)s?|headquarters|warehouses?|campus(?:es)?|hubs?|distribution cent(?:er|re)s?|laborator(?:y|ies)|branch(?:es)?|terminals?|depots?)\b`;
const BUILD = String.raw`\b(?:${verbs('open, construct, inaugurate, establish, set up, spend, invest, add')}|build|builds|building|built|broke ground|breaks? ground|breaking ground|new)\b`;

const NO_SITE = [
  String.raw`\b(?:financing|funding|placement|proceeds|notes|borrow\w*|investors?|loan|credit)\b`,
  String.raw`\bopen(?:s|ed)? (?:from|until)\b`,
];

export const EXPANSION = [
  frame(
    'expansion',
    3,
    [
      String.raw`\b(?:open(?:s|ed|ing)?|inaugurat\w+|broke ground|breaks? ground|build(?:s|ing)?|invest(?:s|ed|ing)?|spend(?:s|ing)?)\b.{0,60}${SITE}`,
    ],
    NO_SITE,
  ),
  frame(
    'expansion',
    3,
    [String.raw`\b(?:enter(?:s|ed|ing)?|expand(?:s|ed|ing)?|expansion)\b.{0,30}\b(?:into|to|markets?)\b`],
    NO_SITE,
  ),
  frame('expansion', 2, [SITE, BUILD], NO_SITE),
  frame('expansion', 1, [SITE], NO_SITE),
];
