import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPercent, readRate, readSize, type Quantity } from '../../../checks/plans/quantities.ts';

type Reader = (text: string) => Quantity;

const GOOD: readonly [Reader, string, number][] = [
  [readRate, '5000', 5000],
  [readRate, '0.5', 0.5],
  [readRate, '007', 7],
  [readRate, '9007199254740991', Number.MAX_SAFE_INTEGER],
  [readSize, '2KB', 2000],
  [readSize, '2 kb', 2000],
  [readSize, '700', 700],
  [readSize, '700B', 700],
  [readSize, '1.5KB', 1500],
  [readSize, '3MB', 3_000_000],
  [readSize, '1GB', 1_000_000_000],
  [readSize, '2KiB', 2048],
  [readSize, '1MiB', 1_048_576],
  [readSize, '1GiB', 1_073_741_824],
  [readPercent, '50%', 50],
  [readPercent, '50 %', 50],
  [readPercent, '50', 50],
  [readPercent, '0', 0],
  [readPercent, '0.5%', 0.5],
  [readPercent, '1', 1],
  [readPercent, '250%', 250],
];

for (const [reader, text, value] of GOOD) test(`${reader.name} "${text}" is ${value}`, () => assert.deepEqual(reader(text), { value }));

const NOT_A_RATE = 'is not a number of messages per second in plain digits';
const BAD: readonly [Reader, string, string][] = [
  [readRate, '0', 'plans for nothing: the peak is more than 0 messages per second (try 5000)'],
  [readRate, '0.0', 'plans for nothing: the peak is more than 0 messages per second (try 5000)'],
  [readRate, '-5', 'is below zero: it must be more than 0 (try 5)'],
  [readRate, '', `${NOT_A_RATE} (try 5000)`],
  [readRate, ' ', `${NOT_A_RATE} (try 5000)`],
  [readRate, 'many', `${NOT_A_RATE} (try 5000)`],
  [readRate, 'NaN', `${NOT_A_RATE} (try 5000)`],
  [readRate, 'Infinity', `${NOT_A_RATE} (try 5000)`],
  [readRate, '1e3', `${NOT_A_RATE} (try 1000)`],
  [readRate, '0x10', `${NOT_A_RATE} (try 16)`],
  [readRate, '5,000', `${NOT_A_RATE} (try 5000)`],
  [readRate, '5_000', `${NOT_A_RATE} (try 5000)`],
  [readRate, '+5', `${NOT_A_RATE} (try 5)`],
  [readRate, '5/s', `${NOT_A_RATE} (try 5000)`],
  [readRate, '1.', `${NOT_A_RATE} (try 1)`],
  [readRate, '١٢', `${NOT_A_RATE} (try 5000)`],
  [readRate, '9007199254740992', 'is larger than any number of messages per second that can be counted with (try 5000)'],
  [readRate, '1'.repeat(400), 'is larger than any number of messages per second that can be counted with (try 5000)'],
  [readSize, '', 'is not a size: a plain number and a unit (try 2KB)'],
  [readSize, 'KB', 'is not a size: a plain number and a unit (try 2KB)'],
  [readSize, '-2KB', 'is not a size: a plain number and a unit (try 2KB)'],
  [readSize, '1e3B', 'is not a size: a plain number and a unit (try 2KB)'],
  [readSize, '2KB extra', 'is not a size: a plain number and a unit (try 2KB)'],
  [readSize, '2XB', 'has the unknown unit XB: use B, KB, MB, GB, KiB, MiB or GiB (try 2KB)'],
  [readSize, '2K', 'has the unknown unit K: use B, KB, MB, GB, KiB, MiB or GiB (try 2KB)'],
  [readSize, '2constructor', 'has the unknown unit constructor: use B, KB, MB, GB, KiB, MiB or GiB (try 2KB)'],
  [readSize, '0KB', 'is empty: a message has more than 0 bytes (try 2KB)'],
  [readSize, '0.5B', 'is not a whole number of bytes (try 2KB)'],
  [readSize, '9007199255GB', 'is larger than any size that can be counted with (try 2KB)'],
  [readPercent, '', 'is not a percentage (try 50%)'],
  [readPercent, 'half', 'is not a percentage (try 50%)'],
  [readPercent, '1e2', 'is not a percentage (try 50%)'],
  [readPercent, '50%%', 'is not a percentage (try 50%)'],
  [readPercent, '-10%', 'is below zero: the headroom is 0% or more (try 50%)'],
  [readPercent, '0.5', 'can mean 50 % or 0.5 %: write 50% or 0.5%'],
  [readPercent, '9007199254740992', 'is larger than any percentage that can be counted with (try 50%)'],
];

for (const [reader, text, problem] of BAD)
  test(`${reader.name} "${text.slice(0, 20)}" is refused`, () => assert.deepEqual(reader(text), { problem }));
