// The same filter as `frontdesk segments`, by npm packages that others wrote: JSON strings in, lines of encoding,
// segments and units out. With `time SECONDS`, how many texts a second instead.
import { readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { SegmentedMessage } = require('sms-segments-calculator')
const { count } = require('sms-length')

const peers = {
    calculator(text) {
        const message = new SegmentedMessage(text)
        const encoding = message.encodingName
        const bits = encoding === 'GSM-7' ? 7 : 16
        return { encoding, segments: message.segmentsCount, units: message.messageSize / bits }
    },
    smart(text) {
        const message = new SegmentedMessage(text, 'auto', true)
        const encoding = message.encodingName
        const bits = encoding === 'GSM-7' ? 7 : 16
        return { encoding, segments: message.segmentsCount, units: message.messageSize / bits }
    },
    // Parts between the clusters of ICU, which knows the Unicode of today; for texts of several parts.
    icu(text) {
        const clusters = [...new Intl.Segmenter('en').segment(text)].flatMap(({ segment }) =>
            segment === '\r\n' ? ['\r', '\n'] : [segment])
        let segments = 1
        let used = 0
        for (const cluster of clusters) {
            if (used + cluster.length > 67) {
                segments += 1
                used = 0
            }
            used += cluster.length
        }
        return { encoding: 'UCS-2', segments, units: text.length }
    },
    length(text) {
        const { encoding, messages, length } = count(text)
        return { encoding: encoding === 'UTF16' ? 'UCS-2' : 'GSM-7', segments: messages, units: length }
    },
}

const [peer, mode, seconds] = process.argv.slice(2)
const texts = readFileSync(0, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
if (mode === 'time') {
    let done = 0
    let segments = 0
    const begun = performance.now()
    while (performance.now() - begun < seconds * 1000) {
        for (const text of texts) segments += peers[peer](text).segments
        done += texts.length
    }
    const perSecond = done / ((performance.now() - begun) / 1000)
    console.log(JSON.stringify({ perSecond, segments: segments / (done / texts.length) }))
} else {
    const lines = texts.map(text => JSON.stringify(peers[peer](text)))
    writeSync(1, lines.join('\n') + '\n')
}
