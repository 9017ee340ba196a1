import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArticle, type Article } from '../shop/article.ts';

const FOLDER = join(import.meta.dirname, 'articles');

/** Reads the articles of the knowledge base from `data/articles`. */
export async function readArticles(): Promise<readonly Article[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.md')).toSorted();
  return Promise.all(
    files.map(async (file) => parseArticle(basename(file, '.md'), await readFile(join(FOLDER, file), 'utf8'))),
  );
}
