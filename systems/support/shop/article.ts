import { z } from 'zod';
import { storedRecord } from '#core/stored/record.ts';

/** An article of the knowledge base. */
export const articleSchema = storedRecord({
  id: z.string().min(1),
  title: z.string(),
  /** Words that customers use for the subject. */
  keywords: z.array(z.string()),
  text: z.string(),
});
export type Article = z.infer<typeof articleSchema>;

/** Parses an article's Markdown: a title, a line `Keywords: …`, the text. Throws an `Error` if one is missing. */
export function parseArticle(id: string, markdown: string): Article {
  const [, title, keywords, text] = /^# (.+)\n+Keywords: (.+)\n+([\s\S]+)$/.exec(markdown) ?? [];
  if (title === undefined || keywords === undefined || text === undefined) {
    throw new Error(`Article ${id} must have a title "# …", a line "Keywords: …" and a text.`);
  }
  return { id, title, keywords: keywords.split(',').map((word) => word.trim()), text: text.trim() };
}

/** Articles per search. */
const MAX_FOUND = 2;

/**
 * Finds the articles about a question, best match first. Matches in the keywords count most, then the title, then the
 * text.
 */
export function searchArticles(articles: readonly Article[], question: string): readonly Article[] {
  const words = [...new Set(wordsOf(question))];
  const scored = articles.map((article) => ({ article, score: scoreOf(article, words) }));
  const found = scored.filter(({ score }) => score > 1).toSorted((a, b) => b.score - a.score);
  return found.slice(0, MAX_FOUND).map(({ article }) => article);
}

function scoreOf({ title, keywords, text }: Article, words: readonly string[]): number {
  const [inKeywords, inTitle, inText] = [keywords.join(' '), title, text].map((part) => new Set(wordsOf(part)));
  const scores = words.map((word) => {
    if (inKeywords?.has(word)) return 3;
    return inTitle?.has(word) ? 2 : Number(inText?.has(word) ?? false);
  });
  return scores.reduce((sum, score) => sum + score, 0);
}

const COMMON = new Set(
  'the a an and or of to in on is are be do does i it my you your we for with how what can that this was have has not'.split(
    ' ',
  ),
);

/** The significant words of a text, without their most common endings. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.filter((word) => !COMMON.has(word)).map((word) => word.replace(/(?:ing|ed|s)$/, ''));
}
