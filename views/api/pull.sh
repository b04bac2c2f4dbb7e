# いちど受け取ると、数が変わるまでは、2回めから何も送られてきません（304）。
# TSUNAGARI_TOKEN に、係が作ったトークンを入れておきます。
curl --fail-with-body --silent --show-error --compressed \
  --header "Authorization: Bearer $TSUNAGARI_TOKEN" \
  --etag-compare etag.txt --etag-save etag.txt --output counts.json \
  "https://tsunagari.example.jp/api/v1/counts?by=month&from=2026-04"
