package views

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/storage"
)

// testDeps is a site without rooms behind it: two secrets sign in.
func testDeps() Deps {
	return Deps{
		BaseURL: "http://example.com",
		Now:     func() time.Time { return time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) },
		Log:     slog.New(slog.DiscardHandler),
		Operator: func(context.Context) (Operator, error) {
			return Operator{Name: "オホーツクつながり協議会", Address: "北海道網走市北7条西3丁目", Phone: "0152-00-0000", Hours: "平日 9時から17時", Area: "オホーツク管内"}, nil
		},
		Session: func(_ context.Context, secret, _ string) (Who, *courses.Standing, error) {
			switch secret {
			case "hanako":
				return Who{Account: "a1", Session: "s1", Name: "北見 花子", Registered: true}, nil, nil
			case "admin":
				return Who{Account: "a2", Session: "s2", Name: "管理 太郎", Roles: admin}, nil, nil
			case "desk":
				return Who{Account: "a3", Session: "s3", Name: "窓口 次郎", Roles: desk}, nil, nil
			case "gone":
				return Who{}, nil, storage.ErrUnavailable
			}
			return Who{}, nil, storage.ErrNotFound
		},
	}
}

// do sends one request through the whole site.
func do(t *testing.T, app *fiber.App, req *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// ask is a GET with cookies "name=value".
func ask(path string, cookies ...string) *http.Request {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Header["Cookie"] = cookies
	return req
}

// send is a form sent from a page of ours.
func send(path string, form url.Values, cookies ...string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://example.com")
	req.Header["Cookie"] = cookies
	return req
}
