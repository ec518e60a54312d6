// SPDX-License-Identifier: MIT
// Writes the coordinate system of a GeoTIFF as Well-Known Text, which the library reads: codes, and the
// units and axes that override them.

const USER_DEFINED = 32767;
const DEGREE = Math.PI / 180;

// Units by their EPSG code: metres, or radians. The command knows more.
const LENGTHS = {
  9001: 1, 9002: 0.3048, 9003: 1200 / 3937, 9005: 0.3047972654, 9014: 1.8288, 9030: 1852,
  9036: 1000, 9093: 1609.344, 9096: 0.9144, 1025: 0.001, 1033: 0.01,
};
const ANGLES = { 9101: 1, 9102: DEGREE, 9103: DEGREE / 60, 9104: DEGREE / 3600, 9105: 0.9 * DEGREE,
  9106: 0.9 * DEGREE, 9122: DEGREE };

// Axes of ellipsoids by their EPSG code.
const ELLIPSOIDS = {
  7001: [6377563.396, 299.3249646], 7004: [6377397.155, 299.1528128], 7008: [6378206.4, 294.978698213898],
  7019: [6378137, 298.257222101], 7022: [6378388, 297], 7024: [6378245, 298.3], 7030: [6378137, 298.257223563],
  7035: [6371000, 0], 7043: [6378135, 298.26], 7048: [6371007, 0],
};

const code = (key) => key && key !== USER_DEFINED ? `,AUTHORITY["EPSG","${key}"]` : "";

// Returns ,UNIT[...] for a key; "" without the key. Throws for a unit that the table lacks.
function unitText(key, size, table) {
  if (!key)
    return "";
  const unit = key === USER_DEFINED ? size : table[key];
  if (!(unit > 0))
    throw new Error(`its unit EPSG:${key} is not known to this page; the edgegrad command may read it`);
  return `,UNIT["unit",${unit}]`;
}

// Returns ,DATUM[...] for the ellipsoid that keys name or describe by its axes; "" without one.
function datumText(keys) {
  const axis = keys.GeogSemiMajorAxisGeoKey, minor = keys.GeogSemiMinorAxisGeoKey;
  const inverse = keys.GeogInvFlatteningGeoKey ?? (minor > 0 && minor < axis ? axis / (axis - minor) : 0);
  const axes = axis > 0 ? [axis, inverse] : ELLIPSOIDS[keys.GeogEllipsoidGeoKey];
  return axes ? `,DATUM["datum",SPHEROID["ellipsoid",${axes}]]` : "";
}

function geographicText(keys) {
  return `GEOGCS["geographic"${datumText(keys)}` +
    unitText(keys.GeogAngularUnitsGeoKey, keys.GeogAngularUnitSizeGeoKey, ANGLES) +
    `${code(keys.GeographicTypeGeoKey ?? keys.GeodeticCRSGeoKey)}]`;
}

function projectedText(keys) {
  const name = String(keys.PCSCitationGeoKey ?? keys.ProjectedCitationGeoKey ?? keys.GTCitationGeoKey ?? "projected");
  const key = keys.ProjectedCSTypeGeoKey ?? keys.ProjectedCRSGeoKey;
  const unit = unitText(keys.ProjLinearUnitsGeoKey, keys.ProjLinearUnitSizeGeoKey, LENGTHS);
  return `PROJCS["${name.replace(/["\[\]|]/g, " ")}",${geographicText(keys)}` +
    `${unit || (code(key) ? "" : ',UNIT["metre",1]')}${code(key)}]`;
}

function verticalText(keys) {
  const key = keys.VerticalCSTypeGeoKey ?? keys.VerticalGeoKey;
  const unit = unitText(keys.VerticalUnitsGeoKey, 0, LENGTHS);
  return unit || code(key) ? `VERT_CS["vertical"${unit}${code(key)}]` : "";
}

// Returns the text of ESRI's programs in a citation; "" if there is none.
function esriText(keys) {
  const prefix = "ESRI PE String = ";
  for (const text of [keys.PCSCitationGeoKey, keys.GTCitationGeoKey, keys.GeogCitationGeoKey])
    if (typeof text === "string" && text.includes(prefix))
      return text.slice(text.indexOf(prefix) + prefix.length).replace(/\|.*$/s, "");
  return "";
}

// Returns the coordinate system of the keys; "" if they name none.
export function systemText(keys) {
  const projected = keys.ProjectedCSTypeGeoKey ?? keys.ProjectedCRSGeoKey;
  const geographic = keys.GeographicTypeGeoKey ?? keys.GeodeticCRSGeoKey;
  const model = keys.GTModelTypeGeoKey || (projected ? 1 : geographic ? 2 : 0);
  if (model !== 1 && model !== 2)
    return "";
  const own = model === 1 ? projected : geographic;
  const plane = (!own || own === USER_DEFINED) && esriText(keys) ||
    (model === 1 ? projectedText(keys) : geographicText(keys));
  const vertical = verticalText(keys);
  return vertical ? `COMPD_CS["compound",${plane},${vertical}]` : plane;
}
