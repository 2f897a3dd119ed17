import { Flags } from '@oclif/core';

/** Of commands that write a file for another program. */
export const OUTPUT_FLAGS = {
  output: Flags.string({ helpValue: 'FILE', summary: 'write it there, whole or not at all, instead of printing it' }),
  force: Flags.boolean({ dependsOn: ['output'], summary: 'also where that file is there already' }),
};
