/** The package has no types of its own. */
declare module 'vader-sentiment' {
  interface Scores {
    readonly compound: number
    readonly pos: number
    readonly neu: number
    readonly neg: number
  }
  const vader: { readonly SentimentIntensityAnalyzer: { polarity_scores(text: string): Scores } }
  export default vader
}
