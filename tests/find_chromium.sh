#!/usr/bin/env bash
# Print the path of a Chromium for the browser tests; install Debian's when root and there is none, with Chinese fonts and
# what reads the text of a PDF; else say what to do.
set -euo pipefail

find_chromium() {
  for name in "${PINGYI_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    if [ -n "$name" ] && command -v "$name"; then return 0; fi
  done
  return 1
}

has_chinese_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }

reads_chinese_pdf() { command -v pdftotext >/dev/null && [ -d /usr/share/poppler/cMap ]; }

has_all() { find_chromium >/dev/null && has_chinese_font && reads_chinese_pdf; }

if ! has_all && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "正在安装Chromium、中文字体和poppler。Installing Chromium, Chinese fonts and poppler." >&2
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig poppler-utils poppler-data >&2
fi
find_chromium || {
  echo "浏览器测试需要Chromium：sudo apt install chromium fonts-noto-cjk，或用PINGYI_CHROMIUM指明它的位置。" >&2
  echo "The browser tests need a Chromium: sudo apt install chromium fonts-noto-cjk, or name one in PINGYI_CHROMIUM." >&2
  exit 2
}
