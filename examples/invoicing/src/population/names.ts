/** Words that invented companies and people are put together from. */
import type { Random } from './random.ts'

const words = (list: string) => list.trim().split(/\s+/)

const FIRST_PARTS = words(`
  Alder Amber Ash Birch Blue Bright Bronze Cedar Clear Cliff Clover Copper Coral Crane Dawn Deep Dove Eagle East
  Elm Ember Falcon Fern Field Flint Fox Frost Glen Gold Granite Green Grey Harbour Hazel Heron High Iron Ivy
  Kestrel Lake Lark Laurel Linden Lunar Maple Meadow Mill Moss North Oak Ochre Olive Otter Pearl Pebble Pine
  Quartz Quill Raven Red Reed Ridge River Robin Rowan Sage Sand Silver Slate Snow South Spruce Stone Summer Swift
  Thistle Tide Timber Vale West Willow Winter Wolf Wren Yarrow
`)
const SECOND_PARTS = words(`
  bank beck bridge brook burn bury combe court croft dale fell field ford gate grove ham haven hill hold hurst
  land ley line mark mere mont moor point port rock shaw shore stead stone ton view ward water way well wick wood
  worth yard
`)
const TRADES = words(`
  Analytics Architects Bakery Builders Catering Clinics Consulting Design Distribution Electric Energy Engineering
  Events Fabrics Foods Freight Furniture Gardens Glass Grid Health Hotels Instruments Interiors Labs Legal
  Lighting Logistics Machines Marine Media Metals Mobility Motors Optics Packaging Paper Partners Pharma Plastics
  Print Rail Research Retail Robotics Seeds Services Software Sports Studio Supply Systems Telecom Textiles Tools
  Toys Training Travel Water Works
`)
const GIVEN_NAMES = words(`
  Ada Alba Amir Anna Ben Bruno Carla Chidi Clara Dana David Elena Elif Emma Felix Fiona Goran Greta Hana Hugo Ida
  Ines Ivan Jana Jonas Kai Karim Lara Leo Lina Luca Maja Marco Mei Mina Nadia Nico Nora Omar Otto Paula Priya Ravi
  Rosa Ruth Samir Sofia Sven Tara Theo Uma Vera Victor Wanda Yara Zoe
`)
const FAMILY_NAMES = words(`
  Adler Bach Bauer Berg Blanc Costa Dahl Diaz Fischer Fontaine Garcia Haas Hansen Hofer Ito Jansen Keller Khan Kim
  Klein Kowalski Larsen Lind Lopez Marin Meyer Mori Moreau Nagy Novak Olsen Park Petit Ramos Rossi Roy Santos Sato
  Schmid Silva Singh Smit Stone Tanaka Vogel Walker Weber Wood Young Zimmer
`)

/** An invented company name, e.g. "Kestrelford Freight". Not unique. */
export const companyName = (random: Random): string =>
  `${random.pick(FIRST_PARTS)}${random.pick(SECOND_PARTS)} ${random.pick(TRADES)}`

/** An invented person, as the local part of an address, e.g. "nora.berg". Not unique. */
export const mailName = (random: Random): string =>
  `${random.pick(GIVEN_NAMES)}.${random.pick(FAMILY_NAMES)}`.toLowerCase()

/** The host name of a company's invented domain; `.example` never resolves. */
export const mailDomain = (company: string): string => `${company.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.example`
