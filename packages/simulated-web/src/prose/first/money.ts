import type { KindProse } from '../types.ts';

export const funding: KindProse = {
  headlines: [
    '{shortName} raises {amount} to {purpose}',
    '{company} closes {amount} financing',
    '{amount} for our next chapter',
    '{company} prices {amount} of senior notes',
  ],
  newsHeadlines: [
    '{shortName} secures {amount} as it plans to {purpose}',
    '{investor} leads {amount} financing of {shortName}',
    '{shortName} taps investors for {amount}',
    'Fresh money for {shortName}: {amount}',
  ],
  release: [
    '{company} has raised {amount} in a financing led by {investor}, which it will use to {purpose}.',
    'We closed a {amount} placement of senior notes today and intend to {purpose} with the proceeds.',
    'With {amount} of new capital from {investor} and others, {shortName} plans to {purpose}.',
    'Today {shortName} completed a {amount} financing to {purpose}.',
  ],
  wire: [
    '{company} raised {amount} on {weekday} from investors led by {investor}.',
    '{shortName} said it had sold {amount} of notes to {purpose}.',
    'Investors led by {investor} put {amount} into {shortName} on {weekday}.',
    '{shortName} has secured {amount} in fresh financing, money that it wants to use to {purpose}.',
  ],
  filing: [
    'On {longDate}, the Company completed an offering of {amount} aggregate principal amount of senior notes.',
    'The Company entered into a purchase agreement with {investor} on {longDate} relating to the sale of {amount} of its securities.',
  ],
  details: [
    'The financing was more than twice oversubscribed.',
    'Closing is subject to customary conditions.',
    'No existing debt is repaid with the money.',
  ],
};

export const deal: KindProse = {
  headlines: [
    '{company} to acquire {partner}',
    '{shortName} and {partner} join forces',
    '{shortName} signs agreement with {partner}',
    'Welcoming {partner} to {shortName}',
  ],
  newsHeadlines: [
    '{shortName} strikes {amount} deal for {partner}',
    '{shortName} to buy {partner} for {amount}',
    '{partner} agrees to {amount} takeover by {shortName}',
    '{shortName}, {partner} in {years}-year pact',
    '{shortName} picks {partner} as supplier for {years} years',
  ],
  release: [
    '{company} has signed a definitive agreement to acquire {partner} for {amount}.',
    'We have agreed to buy {partner} for {amount} in cash and shares.',
    '{partner} will become part of {shortName}, which pays {amount} for the business.',
    '{company} and {partner} today signed a supply agreement that runs for {years} years.',
    'Over the next {years} years, {partner} will work exclusively with {shortName} under a contract that both companies signed today.',
  ],
  wire: [
    '{company} agreed on {weekday} to buy {partner} in a deal worth {amount}.',
    '{shortName} is taking over {partner} for {amount}, the companies said on {weekday}.',
    '{partner} has accepted a {amount} offer from {shortName}.',
    '{company} and {partner} have struck a {years}-year supply deal, both said on {weekday}.',
    '{shortName} has tied itself to {partner} for {years} years in a contract signed on {weekday}.',
  ],
  filing: [
    'On {longDate}, the Company entered into an Agreement and Plan of Merger with {partner} for aggregate consideration of {amount}.',
    'On {longDate}, the Company entered into a material definitive supply agreement with {partner} for a term of {years} years.',
  ],
  details: [
    'Both boards approved the terms.',
    'Regulators still have to agree, which the parties expect within six months.',
    'The management of the smaller company stays on.',
  ],
};

export const results: KindProse = {
  headlines: [
    '{company} reports {quarter} results',
    '{shortName} announces financial results for the {quarter}',
    '{quarter} in figures: revenue of {revenue}',
    '{company} publishes {quarter} earnings',
  ],
  newsHeadlines: [
    '{shortName} revenue {moved} {percent} in {quarter}',
    '{shortName} posts {quarter} revenue of {revenue}',
    '{shortName} earnings: {eps} a share on revenue of {revenue}',
    'What {shortName} said about its {quarter}',
  ],
  release: [
    '{company} reported {quarter} revenue of {revenue}, {moved} {percent} from a year earlier, and earnings of {eps} per share.',
    'Revenue for the {quarter} came to {revenue}, {moved} {percent} year over year, with diluted earnings per share of {eps}.',
    'We closed the {quarter} with revenue of {revenue} ({moved} {percent}) and earnings of {eps} per share.',
    'In the {quarter}, {shortName} took in {revenue}, {moved} {percent} on the same period last year.',
  ],
  wire: [
    '{company} posted {quarter} revenue of {revenue} on {weekday}, {moved} {percent} from a year ago.',
    '{shortName} earned {eps} a share in the {quarter} on revenue of {revenue}.',
    'Sales at {shortName} were {moved} {percent} in the {quarter}, reaching {revenue}, the company said on {weekday}.',
    'Quarterly figures from {shortName} showed revenue {moved} {percent} at {revenue}.',
  ],
  filing: [
    'On {longDate}, the Company announced its financial results for the {quarter}: revenue of {revenue} and diluted earnings per share of {eps}.',
    'The Company furnished a press release on {longDate} with its results for the {quarter}, including revenue of {revenue}.',
  ],
  details: [
    'Management left its forecast for the full year unchanged.',
    'Operating expenses developed as planned.',
    'A recording of the call with analysts is on the investor pages.',
  ],
};
