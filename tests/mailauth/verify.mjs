// verify.mjs RECORDS MAIL...  -  prints "MAIL ALGORITHM RESULT" for each DKIM signature of each mail, as mailauth sees it.
// RECORDS holds lines of a zone file, the only DNS there is.
import { readFileSync } from 'node:fs';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';

const [records, ...mails] = process.argv.slice(2);
const zone = new Map();
for (const line of readFileSync(records, 'utf8').trim().split('\n'))
    zone.set(line.split('. IN TXT ')[0], [line.match(/"[^"]*"/g).map(text => text.slice(1, -1)).join('')]);
const resolver = async (name, type) => {
    if (type === 'TXT' && zone.has(name)) return [zone.get(name)];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
};
for (const mail of mails) {
    const { results } = await dkimVerify(readFileSync(mail), { resolver });
    for (const result of results) console.log(mail, result.algo, result.status.result, result.status.comment || '');
}
