/* SPDX-License-Identifier: MIT */
/* OpenCV counterparts of run_edgegrad; `edges` and `maps` take the same arguments. */
#include <cstdio>
#include <cstring>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "bench.h"

namespace
{

/* State kept between runs, so that OpenCV allocates nothing after the first one. */
struct Work {
    cv::Mat in, edges, gx, gy, magnitude, direction;
    double sigma = 0, low = 0, high = 0;
    bool l2 = false, both = false;
};

Work open_work(const char *path, const char *threads)
{
    Work w;
    bench_image image = bench_read_pgm(path);
    w.in =
        cv::Mat(static_cast<int>(image.height), static_cast<int>(image.width), CV_8U, image.data);
    cv::setNumThreads(static_cast<int>(bench_number(threads, 1, 1024)));
    return w;
}

void edges_run(void *opaque)
{
    Work *w = static_cast<Work *>(opaque);
    cv::Canny(w->in, w->edges, w->low, w->high, 3, w->l2);
}

void maps_run(void *opaque)
{
    Work *w = static_cast<Work *>(opaque);
    cv::Sobel(w->in, w->gx, CV_32F, 1, 0, 3, 1, 0, cv::BORDER_REPLICATE);
    cv::Sobel(w->in, w->gy, CV_32F, 0, 1, 3, 1, 0, cv::BORDER_REPLICATE);
    if (w->both)
        cv::cartToPolar(w->gx, w->gy, w->magnitude, w->direction, true);
    else
        cv::magnitude(w->gx, w->gy, w->magnitude);
}

/* IN.pgm THREADS RUNS l1|l2 LOW HIGH */
int edges_mode(char **argv)
{
    Work w = open_work(argv[0], argv[1]);
    w.l2 = std::strcmp(argv[3], "l2") == 0;
    w.low = bench_real(argv[4]);
    w.high = bench_real(argv[5]);
    bench_result result =
        bench_time(static_cast<int>(bench_number(argv[2], 1, 1000)), edges_run, &w);
    result.checksum = bench_checksum(BENCH_SEED, w.edges.data, w.edges.total());
    bench_print(&result);
    return 0;
}

void colour_run(void *opaque)
{
    Work *w = static_cast<Work *>(opaque);
    cv::GaussianBlur(w->in, w->gx, cv::Size(), w->sigma);
    cv::Canny(w->gx, w->edges, w->low, w->high);
}

/* IN THREADS RUNS SIGMA LOW HIGH: three channels, smoothed as edgegrad's default smooths them */
int colour_mode(char **argv)
{
    Work w;
    w.in = cv::imread(argv[0], cv::IMREAD_COLOR);
    if (w.in.empty())
        bench_die("OpenCV cannot read %s", argv[0]);
    cv::setNumThreads(static_cast<int>(bench_number(argv[1], 1, 1024)));
    w.sigma = bench_real(argv[3]);
    w.low = bench_real(argv[4]);
    w.high = bench_real(argv[5]);
    bench_result result =
        bench_time(static_cast<int>(bench_number(argv[2], 1, 1000)), colour_run, &w);
    bench_print(&result);
    return 0;
}

void save(const cv::Mat &map, const std::string &path)
{
    bench_write_raw(path.c_str(), map.data, map.total() * sizeof(float));
}

/* IN.pgm THREADS RUNS magnitude|both PREFIX|-; saves the magnitude in levels per pixel */
int maps_mode(char **argv)
{
    Work w = open_work(argv[0], argv[1]);
    w.both = std::strcmp(argv[3], "both") == 0;
    bench_result result =
        bench_time(static_cast<int>(bench_number(argv[2], 1, 1000)), maps_run, &w);
    const std::string prefix = argv[4];
    if (prefix != "-") {
        save(w.magnitude / 8, prefix + "-magnitude.f32");
        if (w.both)
            save(w.direction, prefix + "-direction.f32");
    }
    bench_print(&result);
    return 0;
}

/* ---- whole programs, from file to file ---- */

cv::Mat read_grey(const char *path)
{
    cv::Mat image = cv::imread(path, cv::IMREAD_GRAYSCALE);
    if (image.empty())
        bench_die("OpenCV cannot read %s", path);
    return image;
}

int write_file(const char *path, const cv::Mat &image)
{
    if (!cv::imwrite(path, image))
        bench_die("OpenCV cannot write %s", path);
    return 0;
}

/* IN OUT SIGMA LOW HIGH l1|l2 */
int file_edges_mode(char **argv)
{
    cv::Mat image = read_grey(argv[0]), edges;
    const double sigma = bench_real(argv[2]);
    if (sigma > 0)
        cv::GaussianBlur(image, image, cv::Size(), sigma);
    cv::Canny(image, edges, bench_real(argv[3]), bench_real(argv[4]), 3,
              std::strcmp(argv[5], "l2") == 0);
    return write_file(argv[1], edges);
}

/* FOLDER SIGMA LOW HIGH IN ...: writes the edges of all files to FOLDER as PNG under their
 * names. One thread: xargs runs one such process per core. */
int many_edges(const char *folder, char **options, char **paths)
{
    const double sigma = bench_real(options[0]);
    const double low = bench_real(options[1]), high = bench_real(options[2]);
    cv::setNumThreads(1);
    cv::Mat smooth, edges;
    for (; *paths; paths++) {
        const std::string path = *paths;
        const size_t name = path.rfind('/') + 1, dot = path.rfind('.');
        cv::GaussianBlur(read_grey(*paths), smooth, cv::Size(), sigma);
        cv::Canny(smooth, edges, low, high, 3, true);
        write_file((std::string(folder) + "/" + path.substr(name, dot - name) + ".png").c_str(),
                   edges);
    }
    return 0;
}

/* IN OUT: twice the magnitude in levels per pixel, as in edgegrad's 8-bit map */
int file_map_mode(char **argv)
{
    Work w;
    w.in = read_grey(argv[0]);
    maps_run(&w);
    w.magnitude.convertTo(w.magnitude, CV_8U, 2.0 / 8);
    return write_file(argv[1], w.magnitude);
}

/* IN OUT: writes the same pixels with OpenCV's compression */
int recode_mode(char **argv)
{
    return write_file(argv[1], read_grey(argv[0]));
}

int version_mode(char **argv)
{
    (void)argv;
    std::puts(cv::getVersionString().c_str());
    return 0;
}

struct Mode {
    const char *name;
    int operands;
    int (*run)(char **argv);
};

const Mode modes[] = {
    {"edges", 6, edges_mode},       {"colour", 6, colour_mode}, {"maps", 5, maps_mode},     {"file-edges", 6, file_edges_mode},
    {"file-map", 2, file_map_mode}, {"recode", 2, recode_mode}, {"version", 0, version_mode},
};

} // namespace

int main(int argc, char **argv)
{
    for (const Mode &mode : modes)
        if (argc == 2 + mode.operands && std::strcmp(argv[1], mode.name) == 0)
            return mode.run(argv + 2);
    if (argc > 6 && std::strcmp(argv[1], "many-edges") == 0)
        return many_edges(argv[2], argv + 3, argv + 6);
    bench_die("usage: run_opencv edges|colour|maps|file-edges|many-edges|file-map|recode|version ... "
              "(see the source)");
}
