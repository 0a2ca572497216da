import vader from 'vader-sentiment'

/** Longer texts say no more about the mood, and take longer. */
const READ = 5_000

/**
 * The mood of an English text, from -1 to 1; 0 for what has none. VADER (Hutto and Gilbert 2014): a lexicon with rules
 * for negation, emphasis and emoticons.
 */
export function sentimentOf(text: string): number {
  return vader.SentimentIntensityAnalyzer.polarity_scores(text.slice(0, READ)).compound
}
