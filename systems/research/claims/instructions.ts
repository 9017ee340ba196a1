import { plain } from './quotes.ts';

/**
 * Words by which a page speaks to the model that reads it, instead of telling its readers something. The list is a
 * second wall: what a claim can do is bounded by code even if a page gets past it.
 */
const ADDRESSES_A_MODEL = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous|prior)\b/i,
  /\b(?:system|developer) (?:prompt|message|override|note)\b/i,
  /\b(?:attention|note to|instructions? (?:for|to)|dear|hey|hello)\b.{0,20}\b(?:ai|assistants?|language models?|llms?|chatbots?|crawlers?|agents?|analysts? models?|claude|gpt)\b/i,
  /\b(?:ai|language) (?:model|assistant|agent|system)s?\b.{0,60}\b(?:must|should|shall|will now|are required|need to)\b/i,
  /\byou (?:are now|must now|must report|must answer|must not mention)\b/i,
  /\b(?:threat|risk) scores?\b/i,
  /\b(?:set|raise|lower|report|assign|rate|mark)\b.{0,40}\b(?:magnitude|score|severity)\b/i,
  /\bmagnitude\s*(?:[:=]|of)?\s*[1-5]\b/i,
  /<\/?(?:system|instructions?|assistant|human|source)[\s>-]/i,
  /^\s*(?:system|assistant|human|user)\s*:/im,
  /\b(?:call|use|invoke) the .{0,30}\btool\b/i,
  /\bas an ai\b/i,
];

/** Whether a text speaks to a model. Such a text is no evidence of anything. */
export const addressesModel = (text: string): boolean => {
  const words = plain(text);
  return ADDRESSES_A_MODEL.some((pattern) => pattern.test(words));
};
